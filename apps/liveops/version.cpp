#include <iostream>

#include "apps/host/build_info.hpp"
#include "apps/host/command_line.hpp"
#include "apps/liveops/commands.hpp"

namespace liveops::apps {

void add_version(CLI::App& app, Command& run) {
  app.add_subcommand("version", "What this is")->callback([&run] {
    run = [] {
      std::cout << "liveops " << kVersion << " (" << kCommit << ")\n";
      return exit_ok;
    };
  });
}

}  // namespace liveops::apps
