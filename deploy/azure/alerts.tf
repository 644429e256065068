# With `action_group_id`: somebody is told of what a service cannot mend by itself.
locals {
  alerts = {
    dead-letters = {
      metric      = "DeadletteredMessages"
      threshold   = 0
      description = "There are dead letters: `liveops dlq list` shows them with the reason."
    }
    backlog = {
      metric      = "ActiveMessages"
      threshold   = var.alert_backlog
      description = "Consumers fall behind, or none runs: look at liveops_bus_backlog_oldest_seconds and /readyz."
    }
    throttled = {
      metric      = "ThrottledRequests"
      threshold   = 0
      description = "Service Bus is too busy for what is asked: publishes get 503 for 10 s at a time."
    }
  }
}

resource "azurerm_monitor_metric_alert" "bus" {
  for_each = var.action_group_id == null ? {} : local.alerts

  name                = "${var.namespace}-${each.key}"
  resource_group_name = data.azurerm_resource_group.this.name
  scopes              = [azurerm_servicebus_namespace.this.id]
  description         = each.value.description
  frequency           = "PT1M"
  window_size         = "PT5M"

  criteria {
    metric_namespace = "Microsoft.ServiceBus/namespaces"
    metric_name      = each.value.metric
    aggregation      = each.key == "throttled" ? "Total" : "Maximum"
    operator         = "GreaterThan"
    threshold        = each.value.threshold

    dimension {
      name     = "EntityName"
      operator = "Include"
      values   = ["*"]
    }
  }

  action {
    action_group_id = var.action_group_id
  }
}
