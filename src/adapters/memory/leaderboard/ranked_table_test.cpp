#include "adapters/memory/leaderboard/ranked_table.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <random>

namespace liveops::adapters::memory {
namespace {

/// The same table as a plain sorted list.
class Model {
 public:
  void put(const std::string& player, std::int64_t key) { keys_[player] = key; }
  void erase(const std::string& player) { keys_.erase(player); }
  [[nodiscard]] std::vector<std::pair<std::string, std::int64_t>> sorted() const {
    std::vector<std::pair<std::string, std::int64_t>> rows(keys_.begin(), keys_.end());
    std::ranges::sort(rows, {}, [](const auto& row) { return std::pair(-row.second, row.first); });
    return rows;
  }

 private:
  std::map<std::string, std::int64_t> keys_;
};

class RankedTableTest : public ::testing::Test {
 protected:
  bool put(const std::string& player, std::int64_t key, std::uint32_t version) {
    const auto handle = names_.acquire(player);
    const bool changed = table_.put({key, key * 10, handle, version});
    names_.release(handle);
    return changed;
  }
  void expect_equal(const Model& model) {
    const auto rows = model.sorted();
    ASSERT_EQ(table_.size(), rows.size());
    const auto entries = table_.range(0, rows.size());
    ASSERT_EQ(entries.size(), rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ASSERT_EQ(names_.name(entries[i].player), rows[i].first) << "at " << i;
      ASSERT_EQ(entries[i].rank_key, rows[i].second);
      ASSERT_EQ(table_.rank(entries[i].player), i);
    }
  }

  PlayerNames names_;
  RankedTable table_{names_};
};

TEST_F(RankedTableTest, OlderOrEqualVersionChangesNothing) {
  EXPECT_TRUE(put("a", 5, 2));
  EXPECT_FALSE(put("a", 9, 2));
  EXPECT_FALSE(put("a", 9, 1));
  EXPECT_TRUE(put("a", 4, 3));
  EXPECT_EQ(table_.range(0, 9).front().rank_key, 4);
}

TEST_F(RankedTableTest, ManyEqualKeysStayOrderedByNameAcrossBlocks) {
  Model model;
  std::mt19937 random(1);
  for (int i = 0; i < 4000; ++i) {
    const auto player = "p" + std::to_string(random() % 100000);
    put(player, 7, static_cast<std::uint32_t>(i));
    model.put(player, 7);
  }
  expect_equal(model);
}

TEST_F(RankedTableTest, StaysEqualToASortedListThroughGrowthChangesAndShrinking) {
  Model model;
  std::mt19937 random(7);
  for (std::uint32_t i = 1; i <= 30000; ++i) {
    const auto player = "p" + std::to_string(random() % 5000);
    if (random() % (i < 20000 ? 10 : 2) == 0) {
      if (const auto handle = names_.find(player)) table_.erase(*handle);
      model.erase(player);
    } else {
      const auto key = static_cast<std::int64_t>(random() % 500);
      put(player, key, i);
      model.put(player, key);
    }
  }
  expect_equal(model);
  for (const auto& [player, key] : model.sorted()) EXPECT_TRUE(table_.erase(names_.find(player).value()));
  EXPECT_EQ(table_.size(), 0U);
  EXPECT_EQ(names_.size(), 0U) << "names nobody holds are forgotten";
}

TEST_F(RankedTableTest, PagesOfAnySizeNeverRepeatOrSkip) {
  for (std::uint32_t i = 0; i < 3000; ++i) put("p" + std::to_string(i), i % 3, 1);
  EXPECT_TRUE(rc::check([this] {
    const auto size = *rc::gen::inRange<std::size_t>(1, 700);
    std::vector<RankedTable::Handle> seen;
    for (std::uint64_t offset = 0; offset < table_.size(); offset += size) {
      for (const auto& entry : table_.range(offset, size)) seen.push_back(entry.player);
    }
    RC_ASSERT(seen.size() == table_.size());
    std::ranges::sort(seen);
    RC_ASSERT(std::ranges::adjacent_find(seen) == seen.end());
  }));
}

}  // namespace
}  // namespace liveops::adapters::memory
