#include <filesystem>
#include <iostream>

#include "adapters/store_sqlite/fairness/verdict_store.hpp"
#include "adapters/store_sqlite/gateway/idempotency_store.hpp"
#include "adapters/store_sqlite/leaderboard/leaderboard_store.hpp"
#include "adapters/store_sqlite/progression/progression_database.hpp"
#include "apps/host/command_line.hpp"
#include "apps/liveops/commands.hpp"

namespace liveops::apps {

namespace {

/// Opening a store brings its schema up to date; `serve` does the same at its start.
template <class Opened>
core::Status opened(const char* name, const Opened& store) {
  if (!store) return std::unexpected(store.error());
  std::cout << name << ": up to date\n";
  return {};
}

core::Status migrate_all(const std::filesystem::path& directory) {
  namespace stores = adapters::store_sqlite;
  if (auto done = opened("gateway", stores::IdempotencyStore::open(directory, {})); !done) return done;
  if (auto done = opened("fairness", stores::fairness::VerdictStore::open(directory)); !done) return done;
  if (auto done = opened("progression", stores::progression::ProgressionDatabase::open(directory)); !done) return done;
  return opened("leaderboard", stores::leaderboard::LeaderboardStore::open(directory / "leaderboard.db", {}));
}

int migrate(const adapters::config::Values& flags) {
  const auto values = gather_values(flags);
  if (!values) return complain(values.error(), exit_usage);
  const auto settings = make_settings(*values, adapters::config::Mode::dev);
  if (!settings) return complain(settings.error(), exit_usage);
  const std::filesystem::path directory = settings->sqlite_dir();
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed) {
    return complain({core::Errc::unavailable, "cannot make " + directory.string() + ": " + failed.message(), ""},
                    exit_failed);
  }
  if (const auto done = migrate_all(directory); !done) return complain(done.error(), exit_failed);
  return exit_ok;
}

}  // namespace

void add_migrate(CLI::App& app, Command& run) {
  auto* command = app.add_subcommand("migrate", "Bring the database schemas up to date (serve does it at its start)");
  auto flags = std::make_shared<adapters::config::Values>();
  command->add_option_function<std::string>(
      "--data-dir", [flags](const std::string& value) { (*flags)["DATA_DIR"] = value; },
      "Data directory [DATA_DIR, default ./data]");
  command->callback([flags, &run] { run = [flags] { return migrate(*flags); }; });
}

}  // namespace liveops::apps
