#include "apps/wiring/bus_cloud.hpp"

#include <string>
#include <utility>

#include "adapters/bus_servicebus/entity_check.hpp"
#include "adapters/bus_servicebus/event_bus.hpp"
#include "adapters/bus_sqs/event_bus.hpp"
#include "apps/wiring/bus_groups.hpp"
#include "apps/wiring/start_up.hpp"

namespace liveops::apps {

namespace {

using adapters::config::Settings;
using BusPtr = std::unique_ptr<ports::EventBus>;

/// A batch that is worked on stays with its service for so long, however short the visibility timeout is; a process
/// that hangs or dies holds nothing longer than that timeout.
constexpr std::chrono::minutes kLongestWork{15};
/// A game server is told to come again rather than kept waiting longer: SQS is not known to be away before that.
constexpr std::chrono::milliseconds kSqsPublishTimeout{2500};

/// What the settings call the queue of a group; of both clouds, which have the same groups.
struct QueueNames {
  const std::string& progression;
  const std::string& leaderboard;
  const std::string& fairness;
  const std::string& verdicts_leaderboard;
  const std::string& verdicts_progression;
  const std::string& gateway;

  [[nodiscard]] const std::string& of(ports::Topic topic, std::string_view group) const {
    const bool verdicts = topic == ports::Topic::verdicts;
    if (group == kProgressionGroup) return verdicts ? verdicts_progression : progression;
    if (group == kLeaderboardGroup) return verdicts ? verdicts_leaderboard : leaderboard;
    return group == fairness::async::Tier::kGroup ? fairness : gateway;
  }
};

template <class Group>
std::vector<Group> groups_with_queues(const Settings& settings, const QueueNames& names) {
  std::vector<Group> groups;
  for (const auto& [topic, name] : group_names(settings)) groups.push_back({topic, name, names.of(topic, name)});
  return groups;
}

/// A topic, subscription or queue that does not exist. What the key may not do is found out by whoever needs it.
core::Status check_existence(const adapters::bus_servicebus::Options& options, const core::Clock& clock,
                             ports::Log& log) {
  const auto reports = adapters::bus_servicebus::check_entities(options, clock, log);
  if (!reports) return std::unexpected(reports.error());
  for (const auto& report : *reports) {
    if (!report.allowed && report.allowed.error().code == core::Errc::not_found) {
      return core::fail(core::Errc::invalid_argument, "there is no Service Bus entity '" + report.entity +
                                                          "': `liveops queues create` says how to make it");
    }
  }
  return {};
}

core::Result<BusPtr> start_servicebus(const adapters::bus_servicebus::Options& options, const core::Clock& clock,
                                      ports::Log& log) {
  auto bus = adapters::bus_servicebus::EventBus::open(options, clock, log);
  if (!bus) return std::unexpected(bus.error());
  if (const auto there = check_existence(options, clock, log); !there) return std::unexpected(there.error());
  return as<ports::EventBus>(std::move(bus));
}

}  // namespace

adapters::bus_sqs::Options sqs_options(const Settings& settings) {
  adapters::bus_sqs::Options options;
  options.groups = groups_with_queues<adapters::bus_sqs::GroupQueue>(
      settings, {.progression = settings.sqs_queue_progression,
                 .leaderboard = settings.sqs_queue_leaderboard,
                 .fairness = settings.sqs_queue_fairness,
                 .verdicts_leaderboard = settings.sqs_queue_verdicts_leaderboard,
                 .verdicts_progression = settings.sqs_queue_verdicts_progression,
                 .gateway = settings.sqs_queue_gateway});
  options.prefix = settings.sqs_prefix;
  options.fifo = settings.sqs_fifo;
  options.events_topic_arn = settings.sns_topic_arn;
  options.max_bytes = settings.sqs_max_message_bytes;
  options.visibility = settings.visibility_timeout;
  options.hold = kLongestWork;
  options.publish_timeout = kSqsPublishTimeout;
  return options;
}

adapters::aws::Environment aws_environment(const Settings& settings) {
  return [of_process = adapters::aws::process_environment(), of_file = settings.aws](const std::string& name) {
    auto value = of_process(name);
    if (!value.empty()) return value;
    const auto found = of_file.find(name);
    return found == of_file.end() ? std::string() : found->second;
  };
}

adapters::bus_servicebus::Options servicebus_options(const Settings& settings) {
  using adapters::config::ServiceBusLogin;
  adapters::bus_servicebus::Options options;
  options.connection_string = settings.servicebus_connection_string;
  options.events_topic = settings.servicebus_topic_events;
  options.verdicts_topic = settings.servicebus_topic_verdicts;
  options.groups = groups_with_queues<adapters::bus_servicebus::GroupEntity>(
      settings, {.progression = settings.servicebus_queue_progression,
                 .leaderboard = settings.servicebus_queue_leaderboard,
                 .fairness = settings.servicebus_queue_fairness,
                 .verdicts_leaderboard = settings.servicebus_queue_verdicts_leaderboard,
                 .verdicts_progression = settings.servicebus_queue_verdicts_progression,
                 .gateway = settings.servicebus_queue_gateway});
  options.login = settings.servicebus_login == ServiceBusLogin::cbs ? adapters::bus_servicebus::Login::cbs
                                                                    : adapters::bus_servicebus::Login::plain;
  options.ca_file = settings.servicebus_ca;
  options.container_id = settings.instance;
  options.visibility = settings.visibility_timeout;
  options.max_body_bytes = settings.servicebus_max_body_bytes;
  return options;
}

core::Error with_detail(core::Error error) {
  if (!error.detail.empty()) error.message += ": " + error.detail;
  return error;
}

core::Result<BusPtr> open_sqs(const Settings& settings, const core::Clock& clock, ports::Log& log) {
  auto options = sqs_options(settings);
  options.create_missing = settings.sqs_create_queues;
  const auto environment = aws_environment(settings);
  auto bus =
      try_for_a_while(log, "SQS", [&] { return adapters::bus_sqs::EventBus::open(options, environment, clock, log); });
  if (!bus) return std::unexpected(with_detail(std::move(bus.error())));
  return as<ports::EventBus>(std::move(bus));
}

core::Result<BusPtr> open_servicebus(const Settings& settings, const core::Clock& clock, ports::Log& log) {
  const auto options = servicebus_options(settings);
  return try_for_a_while(log, "Service Bus", [&] { return start_servicebus(options, clock, log); });
}

core::Result<std::unique_ptr<ports::DeadLetters>> open_sqs_letters(const Settings& settings, const core::Clock& clock,
                                                                   ports::Log& log) {
  auto bus = adapters::bus_sqs::EventBus::open(sqs_options(settings), aws_environment(settings), clock, log);
  if (!bus) return std::unexpected(with_detail(std::move(bus.error())));
  return as<ports::DeadLetters>(std::move(bus));
}

core::Result<std::unique_ptr<ports::DeadLetters>> open_servicebus_letters(const Settings& settings,
                                                                          const core::Clock& clock, ports::Log& log) {
  return as<ports::DeadLetters>(adapters::bus_servicebus::EventBus::open(servicebus_options(settings), clock, log));
}

}  // namespace liveops::apps
