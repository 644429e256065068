output "environment" {
  description = "Variables of every service, besides its connection string."
  value = {
    BUS_KIND                  = "servicebus"
    SERVICEBUS_TOPIC_EVENTS   = var.topic_events
    SERVICEBUS_TOPIC_VERDICTS = var.topic_verdicts
  }
}

output "connection_strings" {
  description = "SERVICEBUS_CONNECTION_STRING of each service; `operator` is for `liveops dlq`."
  sensitive   = true
  value = merge(
    { for service, rule in azurerm_servicebus_topic_authorization_rule.service : service => rule.primary_connection_string },
    { for service, rule in azurerm_servicebus_namespace_authorization_rule.service : service => rule.primary_connection_string }
  )
}

output "secondary_connection_strings" {
  description = "The same with the other key: set these while the first ones are renewed."
  sensitive   = true
  value = merge(
    { for service, rule in azurerm_servicebus_topic_authorization_rule.service : service => rule.secondary_connection_string },
    { for service, rule in azurerm_servicebus_namespace_authorization_rule.service : service => rule.secondary_connection_string }
  )
}
