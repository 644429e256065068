#include "fairness/async/player_pool.hpp"

#include <gtest/gtest.h>

#include <string>

#include "fairness/async/test_play.hpp"

namespace liveops::fairness::async {
namespace {

constexpr std::int64_t kDayUs = std::int64_t{86'400} * 1'000'000;

PlayerKey key_of(const std::string& id) {
  return test::plain_key(id);
}

std::uint32_t admit(PlayerPool& pool, const std::string& id, std::int64_t now_us) {
  const std::uint32_t slot = pool.admit(key_of(id), core::PlayerId::trusted(id), now_us);
  if (slot != PlayerPool::kNone) pool.at(slot).last_seen_us = now_us;
  return slot;
}

TEST(PlayerPool, FindsWhoWasLetIn) {
  PlayerPool pool(10'000);
  for (int i = 0; i < 5'000; ++i) ASSERT_NE(admit(pool, std::to_string(i), 0), PlayerPool::kNone);
  for (int i = 0; i < 5'000; ++i) {
    const std::uint32_t slot = pool.find(key_of(std::to_string(i)));
    ASSERT_NE(slot, PlayerPool::kNone);
    EXPECT_EQ(pool.at(slot).id.str(), std::to_string(i));
  }
  EXPECT_EQ(pool.find(key_of("nobody")), PlayerPool::kNone);
}

TEST(PlayerPool, AFloodOfInventedIdsDrivesNobodyOut) {
  PlayerPool pool(1'000);
  for (int i = 0; i < 1'000; ++i) pool.at(admit(pool, std::to_string(i), 0)).recent_events = 20;
  const std::size_t bytes = pool.max_bytes();
  for (int i = 0; i < 200'000; ++i) (void)admit(pool, "invented-" + std::to_string(i), 1000);
  int still_there = 0;
  for (int i = 0; i < 1'000; ++i) still_there += pool.find(key_of(std::to_string(i))) != PlayerPool::kNone ? 1 : 0;
  EXPECT_EQ(still_there, 1'000);
  EXPECT_LE(pool.bytes(), bytes);
}

TEST(PlayerPool, WhoPlaysMoreComesInForWhoPlaysLess) {
  PlayerPool pool(100);
  for (int i = 0; i < 100; ++i) pool.at(admit(pool, std::to_string(i), 0)).recent_events = 10;
  std::uint32_t slot = PlayerPool::kNone;
  for (int i = 0; i < 50 && slot == PlayerPool::kNone; ++i) slot = admit(pool, "keen", 1000);
  ASSERT_NE(slot, PlayerPool::kNone);
  EXPECT_EQ(pool.find(key_of("keen")), slot);
  EXPECT_EQ(pool.size(), 100U);
}

TEST(PlayerPool, WhoIsIdleLeavesFirstAndWhoPlaysNowStays) {
  PlayerPool pool(16);
  for (int i = 0; i < 16; ++i) {
    Player& player = pool.at(admit(pool, std::to_string(i), 0));
    player.recent_events = 1e6;
    player.open = i == 5 ? 1 : 0;
  }
  pool.at(pool.find(key_of("5"))).recent_events = 0;
  EXPECT_NE(admit(pool, "new", 4 * kDayUs), PlayerPool::kNone);
  EXPECT_NE(pool.find(key_of("5")), PlayerPool::kNone);
}

TEST(PlayerPool, APlayerCostsAKilobyteAndAHalf) {
  PlayerPool pool(100'000);
  for (int i = 0; i < 10'240; ++i) (void)admit(pool, std::to_string(i), 0);
  const double each = static_cast<double>(pool.bytes()) / 10'240;
  RecordProperty("bytes_per_player", static_cast<int>(each));
  EXPECT_LE(each, 1'520);
  EXPECT_LE(pool.max_bytes(), 165'000'000U) << "of 100,000 players, as the rules have it, with the longest ids";
}

TEST(PlayerPool, LongIdsAreCountedToo) {
  PlayerPool pool(300);
  const std::size_t before = pool.bytes();
  for (int i = 0; i < 200; ++i) (void)admit(pool, std::string(60, 'x') + std::to_string(1000 + i), 0);
  PlayerPool others(300);
  for (int i = 0; i < 200; ++i) (void)admit(others, std::to_string(i), 0);
  EXPECT_GE(pool.bytes() - before, others.bytes() - before + 200 * 64);
  EXPECT_LE(pool.bytes(), pool.max_bytes());
}

}  // namespace
}  // namespace liveops::fairness::async
