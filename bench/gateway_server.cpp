#include <iostream>
#include <memory>
#include <string_view>

#include "adapters/config/rules_file.hpp"
#include "apps/fairness/wiring.hpp"
#include "apps/gateway/wiring.hpp"
#include "apps/host/command_line.hpp"
#include "apps/host/consumer_task.hpp"
#include "apps/host/process.hpp"
#include "apps/host/signals.hpp"
#include "apps/wiring/bus.hpp"

/// The gateway as it is in `liveops serve`, with fairness beside it, whose slower tier takes part only with the
/// argument
/// `--slower-tier`: it reads the bus, as progression and leaderboard do. On the `inmem` bus a consumer group that does
/// nothing takes every event, in place of them; on the `local` bus the gateway's own group does.
/// Configured by the same environment variables.
namespace {

using namespace liveops;

ports::Task<std::vector<runtime::Poison>> take(const std::vector<ports::Delivery>&) {
  co_return std::vector<runtime::Poison>{};
}

/// Stands for the services behind the bus.
class Drain final : public apps::ServiceApp {
 public:
  Drain(apps::Host& host, ports::EventBus& bus, adapters::config::BusKind kind)
      : host_(host), bus_(bus), kind_(kind), shell_(host, "drain") {}

  apps::ServiceShell& shell() override { return shell_; }
  core::Status prepare() override {
    if (kind_ != adapters::config::BusKind::inmem) return {};
    auto consumer = apps::ConsumerTask::open(host_, shell_, bus_, ports::Topic::events, "drain", take);
    if (!consumer) return std::unexpected(consumer.error());
    consumer_ = std::move(*consumer);
    consumer_->start();
    return {};
  }
  core::Status listen() override { return {}; }
  core::Result<std::function<void()>> plan_reload(const core::GameRules&) override {
    return [] {};
  }

 private:
  apps::Host& host_;
  ports::EventBus& bus_;
  adapters::config::BusKind kind_;
  apps::ServiceShell shell_;
  std::unique_ptr<apps::ConsumerTask> consumer_;
};

int serve(const adapters::config::Settings& settings, const core::GameRules& rules) {
  const auto process = apps::Process::create(settings);
  if (!process) return apps::complain(process.error(), apps::exit_usage);
  auto& host = (*process)->host();
  const auto bus = apps::open_bus(host, settings, (*process)->log());
  if (!bus) return apps::complain(bus.error(), apps::exit_failed);
  Drain drain(host, **bus, settings.bus_kind);
  const auto fairness = apps::FairnessApp::create(host, settings, rules, **bus);
  if (!fairness) return apps::complain(fairness.error(), apps::exit_failed);
  const auto gateway = apps::make_gateway(host, settings, **bus, &(*fairness)->check());
  if (!gateway) return apps::complain(gateway.error(), apps::exit_failed);
  const std::vector<apps::ServiceApp*> services{&drain, fairness->get(), gateway->get()};
  if (const auto started = (*process)->start(services); !started) {
    return apps::complain(started.error(), apps::exit_failed);
  }
  std::cout << "gateway " << (*gateway)->shell().url() << std::endl;
  apps::wait_for_shutdown([] {});
  return (*process)->stop(services) ? apps::exit_ok : apps::exit_failed;
}

}  // namespace

int main(int argc, char** argv) {
  apps::block_signals();
  const auto values = apps::gather_values({});
  if (!values) return apps::complain(values.error(), apps::exit_usage);
  const auto settings = adapters::config::make_settings(*values, adapters::config::Mode::dev);
  if (!settings) return apps::complain(settings.error(), apps::exit_usage);
  auto rules = adapters::config::load_rules_or_default(settings->rules_file);
  if (!rules) return apps::complain(rules.error(), apps::exit_usage);
  if (argc < 2 || std::string_view(argv[1]) != "--slower-tier") rules->fairness.async.enabled = false;
  return serve(*settings, *rules);
}
