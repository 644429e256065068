#include <gtest/gtest.h>

#include "adapters/store_postgres/progression/progress_store.hpp"
#include "adapters/store_postgres/progression/progression_database.hpp"
#include "tests/contract/progression/entries.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/servers/rows_read.hpp"

/// What a batch reads of tables that have grown.
namespace liveops::test {
namespace {

namespace pg = adapters::store_postgres::progression;
using adapters::postgres::Pool;

constexpr int kPlayers = 1'000;

/// Applies xp of the first players, as a process that has just started; `turn` tells its events from others.
void apply_batch(const std::string& url, int turn) {
  SilentLog log;
  RecordingMetrics metrics;
  const auto pool = Pool::create({.url = url, .name = "progression", .max_connections = 2}, log, metrics).value();
  const auto database = run(pg::ProgressionDatabase::open(*pool)).value();
  pg::ProgressStore store(*database);
  std::vector<ports::LedgerEntry> batch;
  for (int n = 0; n < kPlayers; ++n) batch.push_back(xp_event(turn * kPlayers + n, "p" + std::to_string(n), 1));
  const auto outcome = run(store.apply(std::move(batch), thresholds({}), at(1000)));
  ASSERT_TRUE(outcome) << outcome.error().message << outcome.error().detail;
  EXPECT_EQ(outcome->applied, kPlayers);
}

TEST(PostgresPlans, ABatchFindsItsPlayersByKeyHoweverManyThereAre) {
  auto& server = shared_postgres();
  const std::string name = server.make_database();
  apply_batch(server.url(name), 1);
  server.execute(name,
                 "INSERT INTO progression.player(player_id, xp, version, updated_at, season_xp, boss_kills) "
                 "SELECT 'q' || n, 1, 1, 1, '{}', '{}' FROM generate_series(1, 60000) n;"
                 "ANALYZE progression.player");
  const auto before = rows_scanned(server, name, "progression.player");
  apply_batch(server.url(name), 2);
  EXPECT_EQ(rows_scanned(server, name, "progression.player") - before, 0);
}

}  // namespace
}  // namespace liveops::test
