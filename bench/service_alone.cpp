#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "adapters/config/rules_file.hpp"
#include "apps/fairness/wiring.hpp"
#include "apps/gateway/wiring.hpp"
#include "apps/host/blocking.hpp"
#include "apps/host/command_line.hpp"
#include "apps/host/process.hpp"
#include "apps/host/signals.hpp"
#include "apps/leaderboard/wiring.hpp"
#include "apps/progression/wiring.hpp"
#include "apps/wiring/bus.hpp"
#include "bench/load/made_events.hpp"
#include "core/envelope.hpp"
#include "core/event_parser.hpp"

/// `service_alone SERVICE PLAYERS`: one service as `liveops serve` wires it, with a bus and nothing else, so that what
/// the process takes is what the service takes. Configured by the same environment variables. On SIGHUP it gets one
/// event of each player: fairness to judge, progression and leaderboard over the bus; the gateway waits for clients.
namespace {

using namespace liveops;

constexpr std::uint64_t kBatch = 500;

/// Stands for fairness where the gateway is measured.
class AllowAll final : public ports::FairnessCheck {
 public:
  ports::Task<std::vector<core::Verdict>> check(std::vector<core::Event> events) override {
    co_return std::vector<core::Verdict>(events.size());
  }
};

std::vector<core::Event> events_of(std::uint64_t first, std::uint64_t end) {
  const auto now = core::SystemClock().now();
  std::vector<core::Event> events;
  for (std::uint64_t player = first; player < end; ++player) {
    auto event = core::parse_event(bench::make_event(player, now), now, {}).value();
    event.key_id = core::KeyId::trusted("bench");
    event.id = core::EventId::derive(event.key_id, std::to_string(player));
    events.push_back(std::move(event));
  }
  return events;
}

ports::Task<void> publish_all(ports::EventBus& bus, std::uint64_t players) {
  for (std::uint64_t first = 0; first < players; first += kBatch) {
    std::vector<core::Envelope> envelopes;
    for (const auto& event : events_of(first, std::min(first + kBatch, players))) {
      envelopes.push_back(core::encode_event(event));
    }
    const auto outcomes = co_await bus.publish(ports::Topic::events, std::move(envelopes));
    if (!outcomes) co_return std::unexpected(outcomes.error());
  }
  co_return core::Status{};
}

ports::Task<void> judge_all(ports::FairnessCheck& check, std::uint64_t players) {
  for (std::uint64_t first = 0; first < players; first += kBatch) {
    const auto verdicts = co_await check.check(events_of(first, std::min(first + kBatch, players)));
    if (!verdicts) co_return std::unexpected(verdicts.error());
  }
  co_return core::Status{};
}

/// What is measured, and what gives it its players.
struct Subject {
  std::unique_ptr<ports::FairnessCheck> stand_in;  // outlives the service
  std::unique_ptr<apps::ServiceApp> service;
  std::function<ports::Task<void>()> feed;
};

core::Result<Subject> make(const std::string& name, std::uint64_t players, apps::Host& host,
                           const adapters::config::Settings& settings, const core::GameRules& rules,
                           ports::EventBus& bus) {
  if (name == "fairness") {
    auto service = apps::FairnessApp::create(host, settings, rules, bus);
    if (!service) return std::unexpected(service.error());
    ports::FairnessCheck& check = (*service)->check();
    return Subject{nullptr, std::move(*service), [&check, players] { return judge_all(check, players); }};
  }
  if (name == "gateway") {
    auto fairness = std::make_unique<AllowAll>();
    auto service = apps::make_gateway(host, settings, bus, fairness.get());
    if (!service) return std::unexpected(service.error());
    return Subject{std::move(fairness), std::move(*service), {}};
  }
  if (name != "progression" && name != "leaderboard") {
    return core::fail(core::Errc::invalid_argument, "no service is called '" + name + "'");
  }
  auto service = name == "progression" ? apps::make_progression(host, settings, rules, bus)
                                       : apps::make_leaderboard(host, settings, rules, bus);
  if (!service) return std::unexpected(service.error());
  return Subject{nullptr, std::move(*service), [&bus, players] { return publish_all(bus, players); }};
}

int serve(const std::string& name, std::uint64_t players, const adapters::config::Settings& settings,
          const core::GameRules& rules) {
  const auto process = apps::Process::create(settings);
  if (!process) return apps::complain(process.error(), apps::exit_usage);
  auto& host = (*process)->host();
  const auto bus = apps::open_bus(host, settings, (*process)->log());
  if (!bus) return apps::complain(bus.error(), apps::exit_failed);
  const auto subject = make(name, players, host, settings, rules, **bus);
  if (!subject) return apps::complain(subject.error(), apps::exit_failed);
  const std::vector<apps::ServiceApp*> services{subject->service.get()};
  if (const auto started = (*process)->start(services); !started) {
    return apps::complain(started.error(), apps::exit_failed);
  }
  apps::wait_for_shutdown([&] {
    const auto fed = subject->feed ? apps::wait_for(host.io.background(), subject->feed()) : core::Status{};
    std::cout << (fed ? "fed" : fed.error().message) << std::endl;
  });
  return (*process)->stop(services) ? apps::exit_ok : apps::exit_failed;
}

}  // namespace

int main(int argc, char** argv) {
  apps::block_signals();
  if (argc != 3) {
    std::cerr << "usage: service_alone gateway|fairness|progression|leaderboard PLAYERS\n";
    return apps::exit_usage;
  }
  const auto values = apps::gather_values({});
  if (!values) return apps::complain(values.error(), apps::exit_usage);
  const auto settings = adapters::config::make_settings(*values, adapters::config::Mode::dev);
  if (!settings) return apps::complain(settings.error(), apps::exit_usage);
  const auto rules = adapters::config::load_rules_or_default(settings->rules_file);
  if (!rules) return apps::complain(rules.error(), apps::exit_usage);
  return serve(argv[1], std::stoull(argv[2]), *settings, *rules);
}
