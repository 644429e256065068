variable "region" {
  description = "Region of the queues, for example eu-west-1."
  type        = string
}

variable "prefix" {
  description = "First part of every name: SQS_PREFIX."
  type        = string
  default     = "liveops"

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,40}$", var.prefix))
    error_message = "Must be 1-40 of [A-Za-z0-9_-]."
  }
}

variable "fifo" {
  description = "FIFO queues, and a FIFO topic: SQS_FIFO. Standard queues are cheaper and faster, and enough."
  type        = bool
  default     = false
}

variable "sns" {
  description = "Publish events once, to an SNS topic that hands them to the queues, instead of to each queue."
  type        = bool
  default     = false
}

variable "gateway_queue" {
  description = "A queue of the group 'gateway' too: `liveops serve` without REDIS_URL keeps its idempotency keys by it."
  type        = bool
  default     = false
}

variable "visibility_timeout_seconds" {
  description = "When a message that was not acknowledged comes again. The services set their own, VISIBILITY_TIMEOUT_MS."
  type        = number
  default     = 30
}

variable "retention_seconds" {
  description = "How long a message waits for its consumer; 14 days is the most that SQS keeps."
  type        = number
  default     = 1209600
}

variable "max_receive_count" {
  description = "Deliveries after which SQS moves a message to the dead letters. Those of an outage of the database count."
  type        = number
  default     = 1000

  validation {
    condition     = var.max_receive_count >= 100 && var.max_receive_count <= 1000
    error_message = "Must be 100 to 1000: with fewer, good messages become dead letters while the database is away."
  }
}

variable "max_message_bytes" {
  description = "Size of a message, and of a batch: SQS_MAX_MESSAGE_BYTES. Above 262144 a new aws provider is needed."
  type        = number
  default     = 262144

  validation {
    condition     = var.max_message_bytes >= 8192 && var.max_message_bytes <= 1048576
    error_message = "Must be 8192 to 1048576."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts the queues and the topic; null: SQS' own keys (SSE-SQS)."
  type        = string
  default     = null
}

variable "roles" {
  description = "Name of the existing IAM role of each service that gets its policy: gateway, fairness, progression, leaderboard, serve, operator."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.roles), ["gateway", "fairness", "progression", "leaderboard", "serve", "operator"])) == 0
    error_message = "Keys are gateway, fairness, progression, leaderboard, serve and operator."
  }
}

variable "alarm_topic_arn" {
  description = "SNS topic that is told when a queue falls behind or has dead letters; null: no alarms."
  type        = string
  default     = null
}

variable "alarm_age_seconds" {
  description = "Age of a queue's oldest message that is worth an alarm."
  type        = number
  default     = 300
}

variable "tags" {
  description = "Tags of everything that is made."
  type        = map(string)
  default     = {}
}
