#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <iostream>

#include "adapters/bus_servicebus/entity_check.hpp"
#include "adapters/bus_sqs/queue_admin.hpp"
#include "adapters/telemetry/json_log.hpp"
#include "apps/host/blocking.hpp"
#include "apps/host/command_line.hpp"
#include "apps/liveops/commands.hpp"
#include "apps/wiring/bus_cloud.hpp"
#include "apps/wiring/serving.hpp"

namespace liveops::apps {

namespace {

namespace bus_servicebus = adapters::bus_servicebus;
namespace bus_sqs = adapters::bus_sqs;
using adapters::config::BusKind;
using adapters::config::Settings;

enum class Verb : std::uint8_t { create, describe };

/// What a look at a bus needs.
struct Tools {
  core::SystemClock clock;
  adapters::telemetry::JsonLog log{clock, "queues", ports::LogLevel::error};
};

void print(const bus_sqs::QueueReport& report) {
  std::cout << to_string(report.group.topic) << "/" << report.group.group << "\t" << report.name << "\t";
  if (const auto& queue = report.queue) {
    std::cout << queue->messages << " messages, " << queue->dead_letters << " dead letters, visibility "
              << queue->visibility.count() << " s, kept " << queue->retention.count() << " s, dead-letter queue "
              << (queue->dead_letter_name.empty() ? "none" : queue->dead_letter_name) << " after "
              << queue->max_receive_count << " receives\t";
  }
  std::cout << (report.problems.empty() ? "ok" : "NOT OK") << "\n";
  for (const auto& problem : report.problems) std::cout << "\t" << problem << "\n";
}

int on_sqs(const Settings& settings, Verb verb) {
  Tools tools;
  const auto admin =
      bus_sqs::QueueAdmin::open(sqs_options(settings), aws_environment(settings), tools.clock, tools.log);
  if (!admin) return refuse_start(admin.error());
  boost::asio::io_context io;
  const auto reports = run_here(io, verb == Verb::create ? (*admin)->create() : (*admin)->describe());
  if (!reports) return complain(with_detail(reports.error()), exit_failed);
  for (const auto& report : *reports) print(report);
  const bool sound = std::ranges::all_of(*reports, [](const auto& report) { return report.problems.empty(); });
  return sound ? exit_ok : exit_failed;
}

/// How the entity can be made with Azure's command line. https://learn.microsoft.com/cli/azure/servicebus
std::string make_command(const std::string& entity) {
  const std::string where = " --resource-group GROUP --namespace-name NAMESPACE";
  constexpr std::string_view kSubscriptions = "/Subscriptions/";
  constexpr std::string_view kPatient = " --max-delivery-count 1000 --lock-duration PT1M";
  const auto parted = entity.find(kSubscriptions);
  if (parted == std::string::npos) {
    return "az servicebus topic create" + where + " --name " + entity + " --enable-duplicate-detection true";
  }
  return "az servicebus topic subscription create" + where + " --topic-name " + entity.substr(0, parted) + " --name " +
         entity.substr(parted + kSubscriptions.size()) + std::string(kPatient);
}

std::string make_queue_command(const std::string& queue) {
  return "az servicebus queue create --resource-group GROUP --namespace-name NAMESPACE --name " + queue +
         " --enable-duplicate-detection true --max-delivery-count 1000 --lock-duration PT1M";
}

bool is_missing(const bus_servicebus::EntityReport& report) {
  return !report.allowed && report.allowed.error().code == core::Errc::not_found;
}

void print(const bus_servicebus::EntityReport& report) {
  std::cout << report.entity << "\t" << to_string(report.right) << "\t";
  if (report.allowed) {
    std::cout << "ok\n";
  } else if (is_missing(report)) {
    std::cout << "NOT OK\n\tit does not exist\n";
  } else {
    std::cout << "no\n\t" << report.allowed.error().message << "\n";
  }
}

/// Says how to make what is missing: a topic before its subscriptions, each once.
void explain(const std::vector<bus_servicebus::EntityReport>& reports, const bus_servicebus::Options& options) {
  std::cout
      << "Service Bus entities are made with rights that a service should not have: with Terraform (deploy/azure), "
         "or with\n";
  std::vector<std::string> said;
  for (const auto& report : reports) {
    if (!is_missing(report) || std::ranges::find(said, report.entity) != said.end()) continue;
    said.push_back(report.entity);
    const bool is_queue =
        std::ranges::any_of(options.groups, [&](const auto& group) { return group.queue == report.entity; });
    std::cout << "  " << (is_queue ? make_queue_command(report.entity) : make_command(report.entity)) << "\n";
  }
}

int on_servicebus(const Settings& settings, Verb verb) {
  Tools tools;
  const auto options = servicebus_options(settings);
  const auto reports = bus_servicebus::check_entities(options, tools.clock, tools.log);
  if (!reports) return refuse_start(reports.error());
  for (const auto& report : *reports) print(report);
  const bool missing = std::ranges::any_of(*reports, is_missing);
  if (missing && verb == Verb::create) explain(*reports, options);
  const bool any_right = std::ranges::any_of(*reports, [](const auto& report) { return report.allowed.has_value(); });
  return missing || !any_right ? exit_failed : exit_ok;
}

int queues(const adapters::config::Values& flags, Verb verb) {
  const auto values = gather_values(flags);
  if (!values) return complain(values.error(), exit_usage);
  const auto settings = make_settings(*values, adapters::config::Mode::dev);
  if (!settings) return complain(settings.error(), exit_usage);
  if (settings->bus_kind == BusKind::sqs) return on_sqs(*settings, verb);
  if (settings->bus_kind == BusKind::servicebus) return on_servicebus(*settings, verb);
  std::cout << "BUS_KIND=" << to_string(settings->bus_kind)
            << ": there is nothing to make, the services make what they need when they start\n";
  return exit_ok;
}

}  // namespace

void add_queues(CLI::App& app, Command& run) {
  auto* command = app.add_subcommand("queues", "Queues and topics of a bus in a cloud")->require_subcommand(1);
  auto flags = std::make_shared<adapters::config::Values>();
  const auto add = [&](const char* name, const char* help, Verb verb) {
    auto* chosen = command->add_subcommand(name, help);
    add_setting_flags(*chosen, *flags);
    chosen->callback([flags, verb, &run] { run = [flags, verb] { return queues(*flags, verb); }; });
  };
  add("create", "Make or mend SQS queues, dead-letter queues, policies and subscriptions; of Service Bus say how to",
      Verb::create);
  add("describe", "What is there, what the credentials allow, and what is wrong; exit code 1 when something is",
      Verb::describe);
}

}  // namespace liveops::apps
