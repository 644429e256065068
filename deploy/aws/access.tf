# Who may use a queue, as the queue says it: nobody without TLS; the topic, where it hands on the events.
locals {
  queues = merge(
    { for key, queue in aws_sqs_queue.group : key => { arn = queue.arn, url = queue.url } },
    { for key, queue in aws_sqs_queue.dead : "${key}-dead" => { arn = queue.arn, url = queue.url } }
  )
}

data "aws_iam_policy_document" "queue" {
  for_each = local.queues

  statement {
    sid       = "OnlyTls"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [each.value.arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  dynamic "statement" {
    for_each = contains(keys(local.subscribed), each.key) ? aws_sns_topic.events[*].arn : []

    content {
      sid       = "Topic"
      actions   = ["sqs:SendMessage"]
      resources = [each.value.arn]

      principals {
        type        = "Service"
        identifiers = ["sns.amazonaws.com"]
      }

      condition {
        test     = "ArnEquals"
        variable = "aws:SourceArn"
        values   = [statement.value]
      }
    }
  }
}

resource "aws_sqs_queue_policy" "queue" {
  for_each = local.queues

  queue_url = each.value.url
  policy    = data.aws_iam_policy_document.queue[each.key].json
}
