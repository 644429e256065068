#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <iostream>

#include "adapters/postgres/pool.hpp"
#include "adapters/store_postgres/fairness/verdict_store.hpp"
#include "adapters/store_postgres/leaderboard/leaderboard_store.hpp"
#include "adapters/store_postgres/progression/progression_database.hpp"
#include "adapters/store_sqlite/fairness/verdict_store.hpp"
#include "adapters/store_sqlite/gateway/idempotency_store.hpp"
#include "adapters/store_sqlite/leaderboard/leaderboard_store.hpp"
#include "adapters/store_sqlite/progression/progression_database.hpp"
#include "adapters/telemetry/json_log.hpp"
#include "adapters/telemetry/prometheus_metrics.hpp"
#include "apps/host/blocking.hpp"
#include "apps/host/command_line.hpp"
#include "apps/liveops/commands.hpp"
#include "apps/wiring/serving.hpp"
#include "apps/wiring/start_up.hpp"

namespace liveops::apps {

namespace {

/// Opening a store brings its schema up to date; the services do the same at their start.
template <class Opened>
core::Status opened(const char* name, const Opened& store) {
  if (!store) return std::unexpected(store.error());
  std::cout << name << ": up to date\n";
  return {};
}

core::Status migrate_files(const std::filesystem::path& directory) {
  namespace stores = adapters::store_sqlite;
  if (auto done = opened("gateway", stores::IdempotencyStore::open(directory, {})); !done) return done;
  if (auto done = opened("fairness", stores::fairness::VerdictStore::migrate(directory)); !done) return done;
  if (auto done = opened("progression", stores::progression::ProgressionDatabase::open(directory)); !done) return done;
  return opened("leaderboard", stores::leaderboard::LeaderboardStore::open(directory / "leaderboard.db", {}));
}

/// Several processes may do this at once: one does it, the others wait for it.
core::Status migrate_postgres(const adapters::config::Settings& settings) {
  namespace stores = adapters::store_postgres;
  const core::SystemClock clock;
  adapters::telemetry::JsonLog log(clock, "migrate", ports::LogLevel::error);
  adapters::telemetry::PrometheusMetrics metrics;
  const auto pool = adapters::postgres::Pool::create({.url = settings.db_url, .name = "migrate"}, log, metrics);
  if (!pool) return std::unexpected(pool.error());
  boost::asio::io_context io;
  if (auto done = opened("fairness", run_here(io, stores::fairness::VerdictStore::migrate(**pool))); !done) return done;
  if (auto done = opened("progression", run_here(io, stores::progression::ProgressionDatabase::open(**pool))); !done) {
    return done;
  }
  return opened("leaderboard", run_here(io, stores::leaderboard::LeaderboardStore::open(**pool)));
}

int migrate(const adapters::config::Values& flags) {
  const auto values = gather_values(flags);
  if (!values) return complain(values.error(), exit_usage);
  const auto settings = make_settings(*values, adapters::config::Mode::dev);
  if (!settings) return complain(settings.error(), exit_usage);
  const bool sqlite = settings->database_kind() == adapters::config::DatabaseKind::sqlite;
  if (const auto made = sqlite ? make_data_directory(settings->sqlite_dir()) : core::Status(); !made) {
    return refuse_start(made.error());
  }
  const auto done = sqlite ? migrate_files(settings->sqlite_dir()) : migrate_postgres(*settings);
  return done ? exit_ok : refuse_start(done.error());
}

}  // namespace

void add_migrate(CLI::App& app, Command& run) {
  auto* command =
      app.add_subcommand("migrate", "Bring the database schemas up to date (the services do it at their start)");
  auto flags = std::make_shared<adapters::config::Values>();
  add_setting_flags(*command, *flags);
  command->callback([flags, &run] { run = [flags] { return migrate(*flags); }; });
}

}  // namespace liveops::apps
