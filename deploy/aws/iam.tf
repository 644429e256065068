# What each service may do, and nothing besides. A batch call needs the right of the single one.
locals {
  services = {
    gateway     = { publishes = ["events"], consumes = ["events-gateway"] }
    fairness    = { publishes = ["verdicts"], consumes = ["events-fairness"] }
    progression = { publishes = [], consumes = ["events-progression", "verdicts-progression"] }
    leaderboard = { publishes = [], consumes = ["events-leaderboard", "verdicts-leaderboard"] }
    serve       = { publishes = ["events", "verdicts"], consumes = keys(local.all_groups) }
  }

  queue_arns = { for key, queue in aws_sqs_queue.group : key => queue.arn }
  dead_arns  = { for key, queue in aws_sqs_queue.dead : key => queue.arn }
  all_arns   = concat(values(local.queue_arns), values(local.dead_arns))

  # Groups that a service consumes, of those that are there.
  consumes = {
    for service, does in local.services : service => [
      for key in does.consumes : key if contains(keys(local.groups), key)
    ]
  }

  # Queues that a service publishes to; none of a topic's where an SNS topic does it.
  sends_to = {
    for service, does in local.services : service => [
      for key, group in local.groups : local.queue_arns[key]
      if contains(does.publishes, group.topic) && !contains(keys(local.subscribed), key)
    ]
  }

  kms_keys = var.kms_key_arn == null ? [] : [var.kms_key_arn]
}

data "aws_iam_policy_document" "service" {
  for_each = local.services

  # Every service looks all queues up when it starts, and for /readyz.
  statement {
    sid       = "Find"
    actions   = ["sqs:GetQueueUrl", "sqs:GetQueueAttributes"]
    resources = local.all_arns
  }

  dynamic "statement" {
    for_each = length(local.sends_to[each.key]) > 0 ? [local.sends_to[each.key]] : []

    content {
      sid       = "Publish"
      actions   = ["sqs:SendMessage"]
      resources = statement.value
    }
  }

  dynamic "statement" {
    for_each = contains(each.value.publishes, "events") ? aws_sns_topic.events[*].arn : []

    content {
      sid       = "PublishOnce"
      actions   = ["sns:Publish"]
      resources = [statement.value]
    }
  }

  dynamic "statement" {
    for_each = length(local.consumes[each.key]) > 0 ? [local.consumes[each.key]] : []

    content {
      sid       = "Consume"
      actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"]
      resources = [for key in statement.value : local.queue_arns[key]]
    }
  }

  dynamic "statement" {
    for_each = length(local.consumes[each.key]) > 0 ? [local.consumes[each.key]] : []

    content {
      sid       = "DeadLetter"
      actions   = ["sqs:SendMessage"]
      resources = [for key in statement.value : local.dead_arns[key]]
    }
  }

  dynamic "statement" {
    for_each = local.kms_keys

    content {
      sid       = "Encrypt"
      actions   = ["kms:GenerateDataKey", "kms:Decrypt"]
      resources = [statement.value]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["sqs.${var.region}.amazonaws.com", "sns.${var.region}.amazonaws.com"]
      }
    }
  }
}

# For people: `liveops dlq list|show|redrive` and `liveops queues describe`.
data "aws_iam_policy_document" "operator" {
  statement {
    sid       = "Find"
    actions   = ["sqs:GetQueueUrl", "sqs:GetQueueAttributes"]
    resources = local.all_arns
  }

  statement {
    sid       = "Letters"
    actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"]
    resources = values(local.dead_arns)
  }

  statement {
    sid       = "Redrive"
    actions   = ["sqs:SendMessage"]
    resources = values(local.queue_arns)
  }

  dynamic "statement" {
    for_each = aws_sns_topic.events[*].arn

    content {
      sid       = "Topic"
      actions   = ["sns:ListSubscriptionsByTopic"]
      resources = [statement.value]
    }
  }

  # IAM knows no narrower resource for it.
  dynamic "statement" {
    for_each = aws_sns_topic.events[*].arn

    content {
      sid       = "Subscriptions"
      actions   = ["sns:GetSubscriptionAttributes"]
      resources = ["*"]
    }
  }

  dynamic "statement" {
    for_each = local.kms_keys

    content {
      sid       = "Encrypt"
      actions   = ["kms:GenerateDataKey", "kms:Decrypt"]
      resources = [statement.value]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["sqs.${var.region}.amazonaws.com"]
      }
    }
  }
}

locals {
  policies = merge(
    { for service, document in data.aws_iam_policy_document.service : service => document.json },
    { operator = data.aws_iam_policy_document.operator.json }
  )
}

resource "aws_iam_policy" "service" {
  for_each = local.policies

  name        = "${var.prefix}-bus-${each.key}"
  description = "What ${each.key} may do on the bus of LiveOps Guard"
  policy      = each.value
}

resource "aws_iam_role_policy_attachment" "service" {
  for_each = var.roles

  role       = each.value
  policy_arn = aws_iam_policy.service[each.key].arn
}
