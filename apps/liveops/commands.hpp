#pragma once

#include <CLI/App.hpp>
#include <functional>

/// The subcommands of `liveops`, a file each. Every `add_*` adds its flags to `app` and sets `run` when it is chosen;
/// `run` gives the exit code.
namespace liveops::apps {

using Command = std::function<int()>;

void add_serve(CLI::App& app, Command& run);
void add_send(CLI::App& app, Command& run);
void add_simulate(CLI::App& app, Command& run);
void add_receipt(CLI::App& app, Command& run);
void add_dlq(CLI::App& app, Command& run);
void add_queues(CLI::App& app, Command& run);
void add_audit(CLI::App& app, Command& run);
void add_player(CLI::App& app, Command& run);
void add_reviews(CLI::App& app, Command& run);
void add_backtest(CLI::App& app, Command& run);
void add_rebuild(CLI::App& app, Command& run);
void add_migrate(CLI::App& app, Command& run);
void add_version(CLI::App& app, Command& run);

}  // namespace liveops::apps
