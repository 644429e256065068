#include <gtest/gtest.h>

#include "tests/contract/leaderboard/postgres_stores.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/servers/rows_read.hpp"

/// What a batch reads of tables that have grown.
namespace liveops {
namespace {

using contract::PostgresStores;

constexpr std::uint32_t kPlayers = 2'000;
constexpr const char* kTable = "leaderboard.standings";

/// Number `turn` of batches that each bring something to the first players of the table `d1`.
ports::StandingBatch batch_number(std::uint8_t turn) {
  const auto at = [](std::int64_t us) { return core::Timestamp(std::chrono::microseconds(us)); };
  ports::StandingBatch batch{.tables = {{{core::BoardId::trusted("sum"), core::Window::daily, "d1"},
                                         {core::BoardOperator::sum, core::BoardOrder::highest, 1'000'000},
                                         at(0),
                                         at(1'000'000)}},
                             .events = {},
                             .contributions = {},
                             .now = at(5)};
  for (std::uint32_t number = 0; number < kPlayers; ++number) {
    core::EventId::Bytes id{};
    id[0] = turn;
    id[14] = static_cast<std::uint8_t>(number >> 8U);
    id[15] = static_cast<std::uint8_t>(number);
    batch.events.push_back({core::EventId(id), core::PlayerId::trusted("p" + std::to_string(number))});
    batch.contributions.push_back({number, 0, 1, at(1), std::nullopt});
  }
  return batch;
}

TEST(PostgresPlans, ABatchFindsItsStandingsByKeyHoweverManyThereAre) {
  auto& server = test::shared_postgres();
  const std::string database = server.make_database();
  ASSERT_TRUE(test::run(PostgresStores(database).standings().apply(batch_number(1))));
  server.execute(database,
                 "INSERT INTO leaderboard.standings(score, achieved_at, table_id, version, player) "
                 "SELECT 1, 1, t.id, 1, 'q' || n FROM leaderboard.standings_tables t, generate_series(1, 60000) n;"
                 "ANALYZE leaderboard.standings");
  const auto before = test::rows_scanned(server, database, kTable);
  {
    PostgresStores stores(database);
    auto batch = batch_number(2);
    std::vector<core::PlayerId> players;
    for (const auto& event : batch.events) players.push_back(event.player);
    ASSERT_TRUE(test::run(stores.standings().apply(std::move(batch))));
    EXPECT_EQ(test::run(stores.standings().standings_of(std::move(players))).value().size(), kPlayers);
  }
  EXPECT_EQ(test::rows_scanned(server, database, kTable) - before, 0);
}

}  // namespace
}  // namespace liveops
