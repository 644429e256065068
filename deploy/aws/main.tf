# A queue per consumer group, named as the services name it: <prefix>-<topic>-<group>.
locals {
  all_groups = {
    events-progression   = { topic = "events" }
    events-leaderboard   = { topic = "events" }
    events-fairness      = { topic = "events" }
    verdicts-leaderboard = { topic = "verdicts" }
    verdicts-progression = { topic = "verdicts" }
    events-gateway       = { topic = "events" }
  }

  groups = { for key, group in local.all_groups : key => group if key != "events-gateway" || var.gateway_queue }
  suffix = var.fifo ? ".fifo" : ""
}

resource "aws_sqs_queue" "dead" {
  for_each = local.groups

  name                      = "${var.prefix}-${each.key}-dead${local.suffix}"
  fifo_queue                = var.fifo
  deduplication_scope       = var.fifo ? "messageGroup" : null
  fifo_throughput_limit     = var.fifo ? "perMessageGroupId" : null
  message_retention_seconds = var.retention_seconds
  max_message_size          = var.max_message_bytes
  sqs_managed_sse_enabled   = var.kms_key_arn == null ? true : null
  kms_master_key_id         = var.kms_key_arn
}

resource "aws_sqs_queue" "group" {
  for_each = local.groups

  name                       = "${var.prefix}-${each.key}${local.suffix}"
  fifo_queue                 = var.fifo
  deduplication_scope        = var.fifo ? "messageGroup" : null
  fifo_throughput_limit      = var.fifo ? "perMessageGroupId" : null
  visibility_timeout_seconds = var.visibility_timeout_seconds
  receive_wait_time_seconds  = 20
  message_retention_seconds  = var.retention_seconds
  max_message_size           = var.max_message_bytes
  sqs_managed_sse_enabled    = var.kms_key_arn == null ? true : null
  kms_master_key_id          = var.kms_key_arn

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead[each.key].arn
    maxReceiveCount     = var.max_receive_count
  })
}

resource "aws_sqs_queue_redrive_allow_policy" "dead" {
  for_each = local.groups

  queue_url = aws_sqs_queue.dead[each.key].id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.group[each.key].arn]
  })
}
