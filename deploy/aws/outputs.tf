output "environment" {
  description = "Variables of every service; empty ones need not be set."
  value = {
    BUS_KIND              = "sqs"
    AWS_REGION            = var.region
    SQS_PREFIX            = var.prefix
    SQS_FIFO              = tostring(var.fifo)
    SQS_MAX_MESSAGE_BYTES = tostring(var.max_message_bytes)
    SNS_TOPIC_ARN         = one(aws_sns_topic.events[*].arn)
  }
}

output "queue_urls" {
  description = "URL of each group's queue, by topic and group."
  value       = { for key, queue in aws_sqs_queue.group : key => queue.url }
}

output "dead_letter_urls" {
  description = "URL of each group's dead-letter queue."
  value       = { for key, queue in aws_sqs_queue.dead : key => queue.url }
}

output "policy_arns" {
  description = "Policy of each service, to be attached to its role; `operator` is for `liveops dlq` and `liveops queues describe`."
  value       = { for service, policy in aws_iam_policy.service : service => policy.arn }
}
