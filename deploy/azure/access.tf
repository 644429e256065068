# A key for each service. Service Bus has none for a single subscription: who listens to a topic may read all of its
# subscriptions.
locals {
  # A service that needs one topic only has a key of that topic.
  topic_rules = {
    gateway = { topic = "events", send = true, listen = false }
  }

  namespace_rules = {
    fairness    = { send = true, listen = true }
    progression = { send = false, listen = true }
    leaderboard = { send = false, listen = true }
    serve       = { send = true, listen = true }
    operator    = { send = true, listen = true }
  }
}

resource "azurerm_servicebus_topic_authorization_rule" "service" {
  for_each = local.topic_rules

  name     = each.key
  topic_id = azurerm_servicebus_topic.this[each.value.topic].id
  send     = each.value.send
  listen   = each.value.listen
  manage   = false
}

resource "azurerm_servicebus_namespace_authorization_rule" "service" {
  for_each = local.namespace_rules

  name         = each.key
  namespace_id = azurerm_servicebus_namespace.this.id
  send         = each.value.send
  listen       = each.value.listen
  manage       = false
}
