#include "adapters/memory/leaderboard/entry_pages.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>
#include <map>

namespace liveops::adapters::memory {
namespace {

constexpr std::int64_t kMaxKey = (std::int64_t{1} << 53) - 1;
constexpr std::int64_t kYear1 = -62'135'596'800'000'000;
constexpr std::int64_t kYear9999 = 253'402'300'799'999'999;

bool same(const RankedEntry& a, const RankedEntry& b) {
  return a.rank_key == b.rank_key && a.achieved_us == b.achieved_us && a.player == b.player && a.version == b.version;
}

TEST(EntryPages, KeepEveryBitOfKeyTimeAndVersion) {
  EntryPages pages;
  constexpr auto kMaxVersion = std::numeric_limits<std::uint32_t>::max();
  for (const std::int64_t key : {std::int64_t{0}, std::int64_t{1}, kMaxKey - 1, kMaxKey}) {
    for (const std::int64_t time : {kYear1, std::int64_t{-1}, std::int64_t{0}, std::int64_t{2047}, kYear9999}) {
      for (const std::uint32_t version : {0U, 1U, kMaxVersion}) {
        const RankedEntry entry{key, time, 70, version};
        pages.put(entry);
        EXPECT_TRUE(same(pages.at(70), entry)) << key << " " << time << " " << version;
        EXPECT_EQ(pages.rank_key(70), key);
      }
    }
  }
  EXPECT_EQ(pages.size(), 1U);
}

TEST(EntryPages, EqualAMapUnderRandomChanges) {
  EXPECT_TRUE(rc::check([] {
    const auto steps = *rc::gen::container<std::vector<std::pair<std::uint32_t, std::uint32_t>>>(
        rc::gen::pair(rc::gen::inRange(0U, 200U), rc::gen::inRange(0U, 4U)));
    EntryPages pages;
    std::map<std::uint32_t, RankedEntry> model;
    for (const auto& [player, action] : steps) {
      if (action > 0) {
        const RankedEntry entry{kMaxKey - player, action, player, action};
        pages.put(entry);
        model[player] = entry;
      } else if (model.erase(player) > 0) {
        pages.erase(player);
      }
    }
    RC_ASSERT(pages.size() == model.size());
    for (std::uint32_t player = 0; player < 300; ++player) {
      const auto expected = model.find(player);
      const auto found = pages.find(player);
      RC_ASSERT(found.has_value() == (expected != model.end()));
      if (found) RC_ASSERT(same(*found, expected->second));
    }
    std::vector<EntryPages::Handle> taken;
    for (std::size_t page = 0; page < pages.pages(); ++page) pages.take_page(page, taken);
    RC_ASSERT(taken.size() == model.size());
    RC_ASSERT(pages.size() == 0U);
  }));
}

TEST(EntryPages, SmallTableAmongManyPlayersTakesLittle) {
  EntryPages pages;
  constexpr std::uint32_t kPool = 1'000'000;
  constexpr std::uint32_t kMembers = 1'000;
  for (std::uint32_t i = 0; i < kMembers; ++i) pages.put({1, 1, i * (kPool / kMembers), 1});
  EXPECT_LE(pages.memory_bytes(), kPool + kMembers * 200);
}

}  // namespace
}  // namespace liveops::adapters::memory
