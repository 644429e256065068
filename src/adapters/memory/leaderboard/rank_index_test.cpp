#include "adapters/memory/leaderboard/rank_index.hpp"

#include <gtest/gtest.h>

#include "tests/support/run_task.hpp"

namespace liveops::adapters::memory {
namespace {

constexpr std::uint64_t kPlayers = 100'000;

core::StandingsId table(const std::string& period) {
  return {core::BoardId::trusted("score"), core::Window::daily, period};
}

void fill(RankIndex& index, const std::string& period) {
  ports::RankEntries entries{.table = table(period), .entries = {}};
  for (std::uint64_t i = 0; i < kPlayers; ++i) {
    entries.entries.push_back({.player = core::PlayerId::trusted("player-" + std::to_string(i)),
                               .rank_key = static_cast<std::int64_t>(i * 7919 % kPlayers),
                               .achieved_at = {},
                               .version = 1});
  }
  std::vector<ports::RankEntries> tables;
  tables.push_back(std::move(entries));
  ASSERT_TRUE(test::run(index.put(std::move(tables))));
}

TEST(MemoryRankIndex, HoldsNamesOnceForAllTablesAndForgetsThemWithTheLast) {
  RankIndex index;
  fill(index, "2026-11-21");
  fill(index, "2026-11-22");
  EXPECT_EQ(index.size().players, kPlayers);
  EXPECT_EQ(index.size().entries, 2 * kPlayers);
  ASSERT_TRUE(test::run(index.drop(table("2026-11-21"))));
  EXPECT_EQ(index.size().players, kPlayers);
  ASSERT_TRUE(test::run(index.drop(table("2026-11-22"))));
  EXPECT_EQ(index.size().players, 0U);
  EXPECT_EQ(index.size().entries, 0U);
}

TEST(MemoryRankIndex, TakesAtMost28BytesForAnotherEntryOfAPlayer) {
  RankIndex index;
  fill(index, "2026-11-21");
  const auto one = index.size().bytes;
  fill(index, "2026-11-22");
  EXPECT_LE(index.size().bytes - one, 28 * kPlayers);
}

}  // namespace
}  // namespace liveops::adapters::memory
