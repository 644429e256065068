#include "adapters/memory/progression/progress_cache.hpp"

#include <gtest/gtest.h>

#include "tests/support/run_task.hpp"

namespace liveops::adapters::memory::progression {
namespace {

ports::Progress progress(const std::string& player, std::int64_t version) {
  return {.player_id = core::PlayerId::trusted(player), .xp = version * 10, .version = version};
}

class ProgressCacheTest : public ::testing::Test {
 protected:
  void put(std::vector<ports::Progress> list) { ASSERT_TRUE(test::run(cache_.put(std::move(list)))); }
  std::optional<ports::Progress> get(const std::string& player) {
    return test::run(cache_.get(core::PlayerId::trusted(player))).value();
  }
  ProgressCache cache_{2};
};

TEST_F(ProgressCacheTest, GivesBackWhatWasPut) {
  EXPECT_EQ(get("a"), std::nullopt);
  put({progress("a", 1)});
  EXPECT_EQ(get("a"), progress("a", 1));
}

TEST_F(ProgressCacheTest, NewerVersionWinsInWhateverOrderTheyCome) {
  put({progress("a", 2), progress("a", 1)});
  EXPECT_EQ(get("a"), progress("a", 2));
  put({progress("a", 3)});
  EXPECT_EQ(get("a"), progress("a", 3));
}

TEST_F(ProgressCacheTest, HoldsNoMoreThanItsBoundAndDropsTheLongestUnused) {
  put({progress("a", 1), progress("b", 1)});
  EXPECT_NE(get("a"), std::nullopt);
  put({progress("c", 1)});
  EXPECT_EQ(cache_.size(), 2U);
  EXPECT_EQ(get("b"), std::nullopt);
  EXPECT_NE(get("a"), std::nullopt);
}

}  // namespace
}  // namespace liveops::adapters::memory::progression
