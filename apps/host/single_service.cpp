#include "apps/host/single_service.hpp"

#include <CLI/CLI.hpp>

#include "apps/host/build_info.hpp"
#include "apps/host/command_line.hpp"

namespace liveops::apps {

namespace {

/// A process of its own needs a bus that several processes share; this release has none.
int refuse(const std::string& name, const adapters::config::Values& flags) {
  const auto values = gather_values(flags);
  if (!values) return complain(values.error(), exit_usage);
  const auto settings = make_settings(*values, adapters::config::Mode::production);
  if (!settings) return complain(settings.error(), exit_usage);
  if (const auto shared = check_separate_processes(*settings); !shared) {
    return complain({shared.error().code, name + ": " + shared.error().message, ""}, exit_usage);
  }
  return complain({core::Errc::invalid_argument,
                   name + ": BUS_KIND '" + std::string(to_string(settings->bus_kind)) +
                       "' is not part of this release: run all services in one process with `liveops serve`",
                   ""},
                  exit_usage);
}

}  // namespace

int run_single_service(const std::string& name, int argc, char** argv) {
  CLI::App app("LiveOps Guard: the " + name + " service as a process of its own", name);
  app.set_version_flag("--version", kVersion);
  adapters::config::Values flags;
  add_setting_flags(app, flags);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_ok : exit_usage;
  }
  return refuse(name, flags);
}

}  // namespace liveops::apps
