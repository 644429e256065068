#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

#include "apps/host/command_line.hpp"
#include "apps/liveops/commands.hpp"
#include "apps/liveops/service_programs.hpp"

namespace {

int run_liveops(int argc, char** argv) {
  using namespace liveops::apps;
  CLI::App app("LiveOps Guard: game events in; progression, leaderboards and receipts out", "liveops");
  app.require_subcommand(1);
  Command run;
  for (const auto add : {add_serve, add_send, add_simulate, add_backtest, add_receipt, add_dlq, add_queues, add_audit,
                         add_player, add_reviews, add_rebuild, add_migrate, add_version}) {
    add(app, run);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_ok : exit_usage;
  }
  return run();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (const auto code = liveops::apps::run_as_service(argc, argv)) return *code;
    return run_liveops(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "liveops: unexpected: " << error.what() << "\n";
    return liveops::apps::exit_failed;
  }
}
