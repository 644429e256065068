#include "adapters/config/bus_settings.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

namespace liveops::adapters::config {

namespace {

constexpr std::string_view kFifo = ".fifo";
constexpr std::size_t kMaxSnsBytes = std::size_t{256} * 1024;

/// The place of one consumer group's messages, as the operator named it.
struct GroupPlace {
  std::string_view variable;
  const std::string& queue;
};

std::array<GroupPlace, 6> sqs_queues(const Settings& settings) {
  return {{{"SQS_QUEUE_PROGRESSION", settings.sqs_queue_progression},
           {"SQS_QUEUE_LEADERBOARD", settings.sqs_queue_leaderboard},
           {"SQS_QUEUE_FAIRNESS", settings.sqs_queue_fairness},
           {"SQS_QUEUE_VERDICTS_LEADERBOARD", settings.sqs_queue_verdicts_leaderboard},
           {"SQS_QUEUE_VERDICTS_PROGRESSION", settings.sqs_queue_verdicts_progression},
           {"SQS_QUEUE_GATEWAY", settings.sqs_queue_gateway}}};
}

std::array<GroupPlace, 8> servicebus_entities(const Settings& settings) {
  return {{{"SERVICEBUS_TOPIC_EVENTS", settings.servicebus_topic_events},
           {"SERVICEBUS_TOPIC_VERDICTS", settings.servicebus_topic_verdicts},
           {"SERVICEBUS_QUEUE_PROGRESSION", settings.servicebus_queue_progression},
           {"SERVICEBUS_QUEUE_LEADERBOARD", settings.servicebus_queue_leaderboard},
           {"SERVICEBUS_QUEUE_FAIRNESS", settings.servicebus_queue_fairness},
           {"SERVICEBUS_QUEUE_VERDICTS_LEADERBOARD", settings.servicebus_queue_verdicts_leaderboard},
           {"SERVICEBUS_QUEUE_VERDICTS_PROGRESSION", settings.servicebus_queue_verdicts_progression},
           {"SERVICEBUS_QUEUE_GATEWAY", settings.servicebus_queue_gateway}}};
}

/// Two groups on one queue would take each other's messages away.
template <class Places>
core::Status check_distinct(const Places& places) {
  for (const auto& place : places) {
    for (const auto& other : places) {
      if (&other == &place) break;
      if (!place.queue.empty() && place.queue == other.queue) {
        return refuse(place.variable, "is the same as " + std::string(other.variable) +
                                          ": each group needs its own, or they take each other's messages away");
      }
    }
  }
  return {};
}

core::Status check_sqs(const Settings& settings) {
  const auto queues = sqs_queues(settings);
  for (const auto& place : queues) {
    if (place.queue.empty() || place.queue.ends_with(kFifo) == settings.sqs_fifo) continue;
    return refuse(place.variable, settings.sqs_fifo ? "must end in .fifo with SQS_FIFO=true"
                                                    : "is a FIFO queue: set SQS_FIFO=true, for all of them");
  }
  if (!settings.sns_topic_arn.empty() && settings.sns_topic_arn.ends_with(kFifo) != settings.sqs_fifo) {
    return refuse("SNS_TOPIC_ARN", settings.sqs_fifo ? "must be a FIFO topic (.fifo) with SQS_FIFO=true"
                                                     : "is a FIFO topic: set SQS_FIFO=true");
  }
  if (!settings.sns_topic_arn.empty() && settings.sqs_create_queues) {
    return refuse("SQS_CREATE_QUEUES", "does not subscribe queues to SNS_TOPIC_ARN: `liveops queues create` does");
  }
  if (!settings.sns_topic_arn.empty() && settings.sqs_max_message_bytes > kMaxSnsBytes) {
    return refuse("SQS_MAX_MESSAGE_BYTES", "must not be above 262144 with SNS_TOPIC_ARN: SNS takes no more");
  }
  return check_distinct(queues);
}

/// A topic's events go either to the Service Bus topic or to queues, so all of its groups must be in the same place.
/// A topic's groups have queues all or none: its events go to queues, or to its subscriptions.
core::Status check_all_or_none(std::span<const GroupPlace> groups) {
  const auto set = std::ranges::find_if(groups, [](const GroupPlace& place) { return !place.queue.empty(); });
  const auto missing = std::ranges::find_if(groups, [](const GroupPlace& place) { return place.queue.empty(); });
  if (set == groups.end() || missing == groups.end()) return {};
  return refuse(missing->variable, "is required as " + std::string(set->variable) +
                                       " is set: events go to queues or to the topic's subscriptions, not to both");
}

core::Status check_servicebus_queues(const Settings& settings) {
  std::vector<GroupPlace> events{{"SERVICEBUS_QUEUE_PROGRESSION", settings.servicebus_queue_progression},
                                 {"SERVICEBUS_QUEUE_LEADERBOARD", settings.servicebus_queue_leaderboard},
                                 {"SERVICEBUS_QUEUE_FAIRNESS", settings.servicebus_queue_fairness}};
  if (settings.redis_url.empty()) {
    events.push_back({"SERVICEBUS_QUEUE_GATEWAY", settings.servicebus_queue_gateway});
  }
  if (auto checked = check_all_or_none(events); !checked) return checked;
  const std::array verdicts{
      GroupPlace{"SERVICEBUS_QUEUE_VERDICTS_LEADERBOARD", settings.servicebus_queue_verdicts_leaderboard},
      GroupPlace{"SERVICEBUS_QUEUE_VERDICTS_PROGRESSION", settings.servicebus_queue_verdicts_progression}};
  return check_all_or_none(verdicts);
}

core::Status check_servicebus(const Settings& settings) {
  if (settings.servicebus_connection_string.empty()) {
    return refuse("SERVICEBUS_CONNECTION_STRING",
                  "is required for BUS_KIND=servicebus, as Azure shows it: Endpoint=sb://NAMESPACE.servicebus.windows."
                  "net/;SharedAccessKeyName=...;SharedAccessKey=...");
  }
  if (auto distinct = check_distinct(servicebus_entities(settings)); !distinct) return distinct;
  return check_servicebus_queues(settings);
}

}  // namespace

std::unexpected<core::Error> refuse(std::string_view variable, std::string_view reason) {
  return core::fail(core::Errc::invalid_argument, std::string(variable) + ": " + std::string(reason));
}

core::Status check_bus(const Settings& settings) {
  const auto kind = settings.bus_kind;
  if (settings.cloud == Cloud::aws && kind == BusKind::servicebus) {
    return refuse("BUS_KIND", "'servicebus' contradicts CLOUD=aws, whose bus is sqs: leave one of the two out");
  }
  if (settings.cloud == Cloud::azure && kind == BusKind::sqs) {
    return refuse("BUS_KIND", "'sqs' contradicts CLOUD=azure, whose bus is servicebus: leave one of the two out");
  }
  if (kind == BusKind::redis && settings.redis_url.empty() && settings.redis_bus_url.empty()) {
    return refuse("REDIS_URL", "is required for BUS_KIND=redis: redis://host:port");
  }
  if (kind == BusKind::sqs) return check_sqs(settings);
  if (kind == BusKind::servicebus) return check_servicebus(settings);
  return {};
}

}  // namespace liveops::adapters::config
