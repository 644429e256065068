variable "subscription_id" {
  description = "Azure subscription; null: that of ARM_SUBSCRIPTION_ID."
  type        = string
  default     = null
}

variable "resource_group" {
  description = "Name of the resource group, which is there."
  type        = string
}

variable "namespace" {
  description = "Name of the namespace, unique in all of Azure: <namespace>.servicebus.windows.net."
  type        = string
}

variable "sku" {
  description = "Standard, or Premium (capacity of its own, availability zones, larger messages). Basic has no topics."
  type        = string
  default     = "Standard"

  validation {
    condition     = contains(["Standard", "Premium"], var.sku)
    error_message = "Must be Standard or Premium."
  }
}

variable "capacity" {
  description = "Messaging units of a Premium namespace: 1, 2, 4, 8 or 16."
  type        = number
  default     = 1
}

variable "topic_events" {
  description = "SERVICEBUS_TOPIC_EVENTS."
  type        = string
  default     = "liveops-events"
}

variable "topic_verdicts" {
  description = "SERVICEBUS_TOPIC_VERDICTS."
  type        = string
  default     = "liveops-verdicts"
}

variable "gateway_subscription" {
  description = "A subscription of the group 'gateway' too: `liveops serve` without REDIS_URL keeps its idempotency keys by it."
  type        = bool
  default     = false
}

variable "lock_duration" {
  description = "How long a message is locked at a time; services renew the lock until VISIBILITY_TIMEOUT_MS is over. At most PT5M."
  type        = string
  default     = "PT1M"
}

variable "max_delivery_count" {
  description = "Deliveries after which Service Bus moves a message to the dead letters. Those of an outage of the database count."
  type        = number
  default     = 1000

  validation {
    condition     = var.max_delivery_count >= 100 && var.max_delivery_count <= 2000
    error_message = "Must be 100 to 2000: with fewer, good messages become dead letters while the database is away."
  }
}

variable "time_to_live" {
  description = "How long a message waits for its consumer; then it is a dead letter."
  type        = string
  default     = "P14D"
}

variable "duplicate_window" {
  description = "How long an event id that comes again is recognised and dropped, at most P7D."
  type        = string
  default     = "PT10M"
}

variable "topic_megabytes" {
  description = "Size of a topic; when it is full publishes get 503. Standard: 1024 to 5120."
  type        = number
  default     = 5120
}

variable "action_group_id" {
  description = "Azure Monitor action group that is told of dead letters and of consumers that fall behind; null: no alerts."
  type        = string
  default     = null
}

variable "alert_backlog" {
  description = "Messages waiting in a topic's subscriptions that are worth an alert."
  type        = number
  default     = 100000
}

variable "tags" {
  description = "Tags of the namespace."
  type        = map(string)
  default     = {}
}
