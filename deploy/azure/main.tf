# A topic each for events and verdicts, a subscription per consumer group, named as the services name them.
locals {
  topics = {
    events   = var.topic_events
    verdicts = var.topic_verdicts
  }

  all_groups = {
    events-progression   = { topic = "events", group = "progression" }
    events-leaderboard   = { topic = "events", group = "leaderboard" }
    events-fairness      = { topic = "events", group = "fairness" }
    verdicts-leaderboard = { topic = "verdicts", group = "leaderboard" }
    verdicts-progression = { topic = "verdicts", group = "progression" }
    events-gateway       = { topic = "events", group = "gateway" }
  }

  groups  = { for key, group in local.all_groups : key => group if key != "events-gateway" || var.gateway_subscription }
  premium = var.sku == "Premium"
}

data "azurerm_resource_group" "this" {
  name = var.resource_group
}

resource "azurerm_servicebus_namespace" "this" {
  name                         = var.namespace
  resource_group_name          = data.azurerm_resource_group.this.name
  location                     = data.azurerm_resource_group.this.location
  sku                          = var.sku
  capacity                     = local.premium ? var.capacity : 0
  premium_messaging_partitions = local.premium ? 1 : 0
  minimum_tls_version          = "1.2"
  tags                         = merge({ application = "liveops-guard" }, var.tags)
}

resource "azurerm_servicebus_topic" "this" {
  for_each = local.topics

  name                                    = each.value
  namespace_id                            = azurerm_servicebus_namespace.this.id
  requires_duplicate_detection            = true
  duplicate_detection_history_time_window = var.duplicate_window
  default_message_ttl                     = var.time_to_live
  max_size_in_megabytes                   = var.topic_megabytes
  batched_operations_enabled              = true
}

resource "azurerm_servicebus_subscription" "group" {
  for_each = local.groups

  name                                 = each.value.group
  topic_id                             = azurerm_servicebus_topic.this[each.value.topic].id
  lock_duration                        = var.lock_duration
  max_delivery_count                   = var.max_delivery_count
  default_message_ttl                  = var.time_to_live
  dead_lettering_on_message_expiration = true
  batched_operations_enabled           = true
}
