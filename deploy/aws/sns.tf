# With `sns`: events are published once, here, and the topic hands them to the queues as they are.
locals {
  subscribed = { for key, group in local.groups : key => group if var.sns && group.topic == "events" }
}

resource "aws_sns_topic" "events" {
  count = var.sns ? 1 : 0

  name                        = "${var.prefix}-events${local.suffix}"
  fifo_topic                  = var.fifo
  content_based_deduplication = false
  kms_master_key_id           = var.kms_key_arn

  lifecycle {
    precondition {
      condition     = var.max_message_bytes <= 262144
      error_message = "SNS takes no more than 262144 bytes: leave max_message_bytes as it is."
    }
  }
}

resource "aws_sns_topic_subscription" "events" {
  for_each = local.subscribed

  topic_arn            = aws_sns_topic.events[0].arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.group[each.key].arn
  raw_message_delivery = true

  # Without its queue's policy a subscription loses what it is to deliver.
  depends_on = [aws_sqs_queue_policy.queue]
}
