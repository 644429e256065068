# With `alarm_topic_arn`: somebody is told of what a service cannot mend by itself.
locals {
  alarmed       = var.alarm_topic_arn == null ? {} : local.groups
  alarm_actions = compact([var.alarm_topic_arn])
}

resource "aws_cloudwatch_metric_alarm" "age" {
  for_each = local.alarmed

  alarm_name          = "${aws_sqs_queue.group[each.key].name}-age"
  alarm_description   = "Consumers fall behind, or none runs: look at liveops_bus_backlog_oldest_seconds and /readyz."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = aws_sqs_queue.group[each.key].name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.alarm_age_seconds
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions
}

resource "aws_cloudwatch_metric_alarm" "dead" {
  for_each = local.alarmed

  alarm_name          = "${aws_sqs_queue.dead[each.key].name}-letters"
  alarm_description   = "There are dead letters: `liveops dlq list` shows them with the reason."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.dead[each.key].name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions
}
