#include "fairness/player_table.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace liveops::fairness {
namespace {

PlayerKey key(std::uint64_t n) {
  static const PlayerHasher kHasher({.first = 7, .second = 9});
  return kHasher("player-" + std::to_string(n));
}

TEST(PlayerHasher, AgreesWithTheReferenceOfSipHash13) {
  // Key 00..0f and input 00..06, from the authors' vectors for c=1, d=3.
  const PlayerHasher hasher({.first = 0x0706050403020100ULL, .second = 0x0f0e0d0c0b0a0908ULL});
  EXPECT_EQ(hasher(std::string_view()).value, 0xabac0158050fc4dcULL);
}

TEST(PlayerTable, APlayerCostsAtMost128BytesIndexIncluded) {
  static_assert(sizeof(PlayerState) <= 120);
  EXPECT_LE(PlayerTable(1000).bytes(), 128'000U);
}

TEST(PlayerTable, FindsEveryoneItHoldsAndNobodyElse) {
  PlayerTable table(1000);
  for (std::uint64_t n = 0; n < 1000; ++n) table.touch(key(n)).events = static_cast<std::uint32_t>(n);
  for (std::uint64_t n = 0; n < 1000; ++n) {
    ASSERT_NE(table.find(key(n)), nullptr);
    EXPECT_EQ(table.find(key(n))->events, n);
  }
  EXPECT_EQ(table.find(key(1000)), nullptr);
}

TEST(PlayerTable, SharesASlabWithOthersWithoutMeetingThem) {
  const auto slab = std::make_shared<const PlayerSlab>(3, 150);
  std::vector<std::unique_ptr<PlayerTable>> tables;
  for (std::size_t i = 0; i < 3; ++i) tables.push_back(std::make_unique<PlayerTable>(slab, i));
  for (std::uint32_t n = 0; n < 150; ++n) {
    for (std::uint32_t i = 0; i < 3; ++i) tables[i]->touch(key(n)).events = 1000 * i + n;
  }
  for (std::uint64_t n = 0; n < 150; n += 2) EXPECT_TRUE(tables[1]->erase(key(n)));
  for (std::uint32_t n = 0; n < 150; ++n) {
    for (const std::uint32_t i : {0U, 2U}) {
      ASSERT_NE(tables[i]->find(key(n)), nullptr);
      EXPECT_EQ(tables[i]->find(key(n))->events, 1000 * i + n);
    }
    EXPECT_EQ(tables[1]->find(key(n)) != nullptr, n % 2 == 1);
  }
}

TEST(PlayerTable, APrefetchOfAnybodyChangesNothing) {
  PlayerTable table(100);
  for (std::uint64_t n = 0; n < 100; ++n) table.touch(key(n));
  for (std::uint64_t n = 0; n < 1000; ++n) {
    table.prefetch_index(key(n));
    table.prefetch_state(key(n));
  }
  EXPECT_EQ(table.size(), 100U);
  EXPECT_EQ(table.find(key(100)), nullptr);
  ASSERT_NE(table.find(key(99)), nullptr);
  EXPECT_FALSE(table.find(key(99))->referenced);
}

TEST(PlayerTable, NeverHoldsMoreThanItsCapacity) {
  PlayerTable table(100);
  for (std::uint64_t n = 0; n < 5000; ++n) table.touch(key(n));
  EXPECT_EQ(table.size(), 100U);
  EXPECT_NE(table.find(key(4999)), nullptr);
}

TEST(PlayerTable, InventedIdsDisplaceEachOtherBeforeThoseWhoComeBack) {
  PlayerTable table(1000);
  for (std::uint64_t n = 0; n < 500; ++n) table.touch(key(n)).events = 1;
  for (std::uint64_t n = 10'000; n < 30'000; ++n) {
    table.touch(key(n));
    table.touch(key(n % 500));  // the regulars go on playing
  }
  int kept = 0;
  for (std::uint64_t n = 0; n < 500; ++n) {
    const PlayerState* regular = table.find(key(n));
    if (regular != nullptr && regular->events == 1) ++kept;
  }
  EXPECT_GE(kept, 480);
}

TEST(PlayerTable, AgreesWithAMapUnderAnyMixOfTouchAndErase) {
  EXPECT_TRUE(rc::check([] {
    PlayerTable table(64);
    std::map<std::uint64_t, std::uint32_t> model;
    const auto steps = *rc::gen::container<std::vector<std::pair<std::uint8_t, bool>>>(
        rc::gen::pair(rc::gen::inRange<std::uint8_t>(0, 60), rc::gen::arbitrary<bool>()));
    std::uint32_t count = 0;
    for (const auto& [who, erase] : steps) {
      if (erase) {
        RC_ASSERT(table.erase(key(who)) == (model.erase(who) == 1));
      } else {
        table.touch(key(who)).events = ++count;
        model[who] = count;
      }
    }
    RC_ASSERT(table.size() == model.size());
    for (const auto& [who, events] : model) {
      RC_ASSERT(table.find(key(who)) != nullptr);
      RC_ASSERT(table.find(key(who))->events == events);
    }
  }));
}

}  // namespace
}  // namespace liveops::fairness
