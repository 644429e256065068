#include "apps/wiring/single_service.hpp"

#include <CLI/CLI.hpp>

#include "adapters/config/rules_file.hpp"
#include "apps/host/build_info.hpp"
#include "apps/host/command_line.hpp"
#include "apps/host/signals.hpp"
#include "apps/wiring/bus.hpp"
#include "apps/wiring/serving.hpp"
#include "apps/wiring/start_up.hpp"

namespace liveops::apps {

namespace {

using adapters::config::Settings;

core::Result<Settings> configure(const std::string& name, const adapters::config::Values& flags) {
  const auto values = gather_values(flags);
  if (!values) return std::unexpected(values.error());
  auto settings = make_settings(*values, adapters::config::Mode::production);
  if (!settings) return settings;
  if (const auto shared = check_separate_processes(*settings); !shared) {
    return core::fail(shared.error().code, name + ": " + shared.error().message);
  }
  return settings;
}

int run(const std::string& name, const ServiceMaker& make, const adapters::config::Values& flags) {
  block_signals();
  const auto settings = configure(name, flags);
  if (!settings) return complain(settings.error(), exit_usage);
  const auto rules = adapters::config::load_rules_or_default(settings->rules_file);
  if (!rules) return complain(rules.error(), exit_usage);
  if (const auto made = make_data_directory(settings->state_dir()); !made) return complain(made.error(), exit_failed);
  const auto process = Process::create(*settings);
  if (!process) return complain(process.error(), exit_usage);
  auto& host = (*process)->host();
  const auto bus = open_bus(host, *settings, (*process)->log());
  if (!bus) return refuse_start(bus.error());
  const auto service = make(host, *settings, *rules, **bus);
  if (!service) return refuse_start(service.error());
  return serve_until_told(**process, {service->get()}, [] {});
}

}  // namespace

int run_single_service(const std::string& name, const ServiceMaker& make, int argc, char** argv) {
  CLI::App app("LiveOps Guard: the " + name + " service as a process of its own", name);
  app.set_version_flag("--version", kVersion);
  adapters::config::Values flags;
  add_setting_flags(app, flags);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_ok : exit_usage;
  }
  return run(name, make, flags);
}

}  // namespace liveops::apps
