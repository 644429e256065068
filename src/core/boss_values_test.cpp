#include "core/boss_values.hpp"

#include <gtest/gtest.h>

namespace liveops::core {
namespace {

const std::vector<BossRules> kBosses{
    {BossId::trusted("hydra"), 100, 1000, {{"normal", 1.0}, {"hard", 1.5}, {"odd", 0.333}}},
    {BossId::trusted("slime"), 7, 3, {}},
};

BossKill kill(const char* boss, std::optional<std::string> difficulty = {}) {
  return {BossId::trusted(boss), std::move(difficulty), {}, {}, {}};
}

TEST(BossValues, AbsentValuesComeFromTheRules) {
  EXPECT_EQ(resolve_boss_kill(kBosses, kill("hydra")), (ResolvedKill{100, 1000, true}));
}

TEST(BossValues, DifficultyMultipliesTheRulesValuesRoundedToNearest) {
  EXPECT_EQ(resolve_boss_kill(kBosses, kill("hydra", "hard")), (ResolvedKill{150, 1500, true}));
  EXPECT_EQ(resolve_boss_kill(kBosses, kill("hydra", "odd")), (ResolvedKill{33, 333, true}));
}

TEST(BossValues, UnnamedDifficultyCountsOnce) {
  EXPECT_EQ(resolve_boss_kill(kBosses, kill("hydra", "mythic")), (ResolvedKill{100, 1000, true}));
  EXPECT_EQ(resolve_boss_kill(kBosses, kill("slime", "hard")), (ResolvedKill{7, 3, true}));
}

TEST(BossValues, EventsOwnValuesWinAndAreNotMultiplied) {
  auto own = kill("hydra", "hard");
  own.xp = 5;
  EXPECT_EQ(resolve_boss_kill(kBosses, own), (ResolvedKill{5, 1500, true}));
  own.score = 0;
  EXPECT_EQ(resolve_boss_kill(kBosses, own), (ResolvedKill{5, 0, true}));
}

TEST(BossValues, UnknownBossIsWorthWhatTheEventSays) {
  auto stranger = kill("stranger");
  EXPECT_EQ(resolve_boss_kill(kBosses, stranger), (ResolvedKill{0, 0, false}));
  stranger.score = 9;
  EXPECT_EQ(resolve_boss_kill(kBosses, stranger), (ResolvedKill{0, 9, false}));
}

}  // namespace
}  // namespace liveops::core
