#include <iostream>
#include <memory>

#include "adapters/config/rules_file.hpp"
#include "apps/fairness/wiring.hpp"
#include "apps/gateway/wiring.hpp"
#include "apps/host/build_info.hpp"
#include "apps/host/command_line.hpp"
#include "apps/host/dev_secrets.hpp"
#include "apps/host/process.hpp"
#include "apps/host/signals.hpp"
#include "apps/leaderboard/wiring.hpp"
#include "apps/liveops/commands.hpp"
#include "apps/progression/wiring.hpp"
#include "apps/wiring/bus.hpp"
#include "apps/wiring/serving.hpp"
#include "apps/wiring/start_up.hpp"

namespace liveops::apps {

namespace {

using adapters::config::Mode;
using adapters::config::Settings;
using adapters::config::Values;

/// What `serve` was told, checked; `dev` when it made its secrets itself.
struct Configuration {
  Settings settings;
  core::GameRules rules;
  bool dev = false;
  bool secrets_made_now = false;
};

void fill_in(Values& values, const DevSecrets& secrets) {
  const auto set = [&values](const char* name, const std::string& value) {
    if (auto& slot = values[name]; slot.empty()) slot = value;
  };
  set("HMAC_SECRET", secrets.hmac_secret);
  set("API_TOKEN", secrets.api_token);
  set("ADMIN_TOKEN", secrets.admin_token);
  set("RECEIPT_SECRET", secrets.receipt_secret);
}

/// Checks everything that needs no disk. Errors: for exit code 2.
core::Result<Configuration> configure(const Values& values) {
  Configuration out;
  out.dev = lacks_signing_keys(values);
  auto settings = make_settings(values, out.dev ? Mode::dev : Mode::production);
  if (!settings) return std::unexpected(settings.error());
  out.settings = std::move(*settings);
  auto rules = adapters::config::load_rules_or_default(out.settings.rules_file);
  if (!rules) return std::unexpected(rules.error());
  out.rules = std::move(*rules);
  return out;
}

/// Makes the data directory and, in dev mode, the secrets. Errors: for exit code 1.
core::Status settle_secrets(Configuration& configuration, Values values) {
  if (auto made = make_data_directory(configuration.settings.state_dir()); !made) return made;
  if (!configuration.dev) return {};
  auto secrets = load_or_make_dev_secrets(configuration.settings.state_dir());
  if (!secrets) return std::unexpected(secrets.error());
  configuration.secrets_made_now = secrets->made_now;
  fill_in(values, *secrets);
  auto settings = make_settings(values, Mode::dev);
  if (!settings) return std::unexpected(settings.error());
  configuration.settings = std::move(*settings);
  return {};
}

void print_banner(const Configuration& configuration, const std::vector<ServiceApp*>& services) {
  std::cout << "LiveOps Guard " << kVersion << ", all services in one process\n";
  for (auto* service : services) {
    std::string name = service->shell().name();
    name.resize(13, ' ');
    std::cout << "  " << name << service->shell().url() << "\n";
  }
  const auto directory = configuration.settings.state_dir();
  std::cout << "  data         " << directory << ", bus " << to_string(configuration.settings.bus_kind)
            << (configuration.settings.bus_kind == adapters::config::BusKind::inmem
                    ? " (a 202 is not durable on this bus)"
                    : "")
            << "\n";
  if (configuration.dev) {
    std::cout << "  dev mode     secrets " << (configuration.secrets_made_now ? "made" : "read") << " in " << directory
              << "/" << kDevSecretsFile << "; plain signatures are taken; set HMAC_SECRET for production\n";
  }
  std::cout << std::flush;
}

/// The four services on one bus, in order of their dependence.
struct Services {
  std::unique_ptr<FairnessApp> fairness;
  std::unique_ptr<ServiceApp> progression;
  std::unique_ptr<ServiceApp> leaderboard;
  std::unique_ptr<ServiceApp> gateway;

  [[nodiscard]] std::vector<ServiceApp*> all() const {
    return {fairness.get(), progression.get(), leaderboard.get(), gateway.get()};
  }
};

core::Result<Services> make_services(Process& process, const Configuration& configuration, ports::EventBus& bus) {
  auto& host = process.host();
  const auto& settings = configuration.settings;
  Services out;
  auto fairness = FairnessApp::create(host, settings, configuration.rules, bus);
  if (!fairness) return std::unexpected(fairness.error());
  out.fairness = std::move(*fairness);
  auto progression = make_progression(host, settings, configuration.rules, bus);
  if (!progression) return std::unexpected(progression.error());
  out.progression = std::move(*progression);
  auto leaderboard = make_leaderboard(host, settings, configuration.rules, bus);
  if (!leaderboard) return std::unexpected(leaderboard.error());
  out.leaderboard = std::move(*leaderboard);
  auto gateway = make_gateway(host, settings, bus, &out.fairness->check());
  if (!gateway) return std::unexpected(gateway.error());
  out.gateway = std::move(*gateway);
  return out;
}

int serve_all(const Configuration& configuration) {
  auto process = Process::create(configuration.settings);
  if (!process) return complain(process.error(), exit_usage);
  const auto bus = open_bus((*process)->host(), configuration.settings, (*process)->log());
  if (!bus) return refuse_start(bus.error());
  const auto services = make_services(**process, configuration, **bus);
  if (!services) return refuse_start(services.error());
  const auto all = services->all();
  return serve_until_told(**process, all, [&] { print_banner(configuration, all); });
}

int serve(const Values& flags) {
  block_signals();
  const auto values = gather_values(flags);
  if (!values) return complain(values.error(), exit_usage);
  auto configuration = configure(*values);
  if (!configuration) return complain(configuration.error(), exit_usage);
  if (const auto settled = settle_secrets(*configuration, *values); !settled) {
    return complain(settled.error(), exit_failed);
  }
  return serve_all(*configuration);
}

}  // namespace

void add_serve(CLI::App& app, Command& run) {
  auto* command = app.add_subcommand("serve", "All four services in this process, with nothing else to install");
  auto flags = std::make_shared<Values>();
  add_setting_flags(*command, *flags);
  command->callback([flags, &run] { run = [flags] { return serve(*flags); }; });
}

}  // namespace liveops::apps
