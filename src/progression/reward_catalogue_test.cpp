#include "progression/reward_catalogue.hpp"

#include <gtest/gtest.h>

namespace liveops::progression {
namespace {

using core::BossId;
using core::RewardId;
using core::SeasonId;

core::RewardRules reward(std::string id, core::RewardCondition condition) {
  return {.id = RewardId::trusted(std::move(id)), .title = "t", .condition = std::move(condition), .items = {}};
}

class RewardCatalogueTest : public ::testing::Test {
 protected:
  LevelCurve levels_{{.thresholds = {100, 250}, .base = 10, .exponent = 1, .max_level = 3}};
  RewardCatalogue catalogue_{
      {reward("level3", core::LevelReached{3}), reward("dragon5", core::BossKills{BossId::trusted("dragon"), 5}),
       reward("season", core::SeasonXp{1000}), reward("level9", core::LevelReached{9})},
      levels_};
};

TEST_F(RewardCatalogueTest, LevelConditionBecomesTheXpOfThatLevel) {
  const auto& threshold = catalogue_.threshold_of(RewardId::trusted("level3"));
  EXPECT_EQ(threshold.measure, ports::Measure::total_xp);
  EXPECT_EQ(threshold.value, 250);
}

TEST_F(RewardCatalogueTest, LevelThatDoesNotExistIsOutOfReachOfAnySum) {
  EXPECT_GT(catalogue_.threshold_of(RewardId::trusted("level9")).value, ports::kMaxSum);
}

TEST_F(RewardCatalogueTest, KnowsItsRewardsAndListsThem) {
  EXPECT_NE(catalogue_.find(RewardId::trusted("season")), nullptr);
  EXPECT_EQ(catalogue_.find(RewardId::trusted("none")), nullptr);
  EXPECT_EQ(catalogue_.list(), "level3, dragon5, season, level9");
}

TEST_F(RewardCatalogueTest, ProgressIsToldInTheUnitOfTheCondition) {
  ports::Progress progress;
  progress.xp = 120;
  progress.boss_kills[BossId::trusted("dragon")] = 4;
  progress.season_xp[SeasonId::trusted("s1")] = 70;
  const auto toward = [&](const char* id, const char* season) {
    return progress_toward(*catalogue_.find(RewardId::trusted(id)), progress, levels_, SeasonId::trusted(season));
  };
  EXPECT_EQ(toward("level3", "s1").current, 2);
  EXPECT_EQ(toward("level3", "s1").required, 3);
  EXPECT_EQ(toward("dragon5", "s1").current, 4);
  EXPECT_EQ(toward("season", "s1").current, 70);
  EXPECT_EQ(toward("season", "s2").current, 0);
}

TEST_F(RewardCatalogueTest, OnlySeasonXpRewardsAreSeasonal) {
  EXPECT_TRUE(is_seasonal(*catalogue_.find(RewardId::trusted("season"))));
  EXPECT_FALSE(is_seasonal(*catalogue_.find(RewardId::trusted("level3"))));
}

}  // namespace
}  // namespace liveops::progression
