#include <gtest/gtest.h>

#include <algorithm>

#include "tests/contract/progression/entries.hpp"
#include "tests/contract/progression/stores.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

using core::Errc;
using ports::ApplyOutcome;
using ports::InventoryItem;
using ports::LedgerEntry;

class ProgressStoreContract : public ::testing::TestWithParam<StoresCase> {
 protected:
  ApplyOutcome apply(std::vector<LedgerEntry> entries, std::vector<ports::RewardThreshold> rewards = {}) {
    return run(stores_->progress().apply(std::move(entries), thresholds(std::move(rewards)), at(1000))).value();
  }
  ports::Progress progress(const std::string& who) { return run(stores_->progress().progress_of(player(who))).value(); }
  std::vector<InventoryItem> inventory(const std::string& who) {
    return run(stores_->progress().inventory_of(player(who))).value();
  }
  std::vector<std::string> earned(const std::string& who) {
    std::vector<std::string> ids;
    for (const auto& row : run(stores_->rewards().rewards_of(player(who))).value().earned) {
      ids.push_back(row.reward_id.str() + (row.season ? "@" + row.season->str() : ""));
    }
    std::ranges::sort(ids);
    return ids;
  }

  std::unique_ptr<Stores> stores_ = GetParam().make();
};

TEST_P(ProgressStoreContract, AddsUpWhatEventsBring) {
  auto other_season = xp_event(3, "a", 7);
  other_season.season = season("s2");
  auto no_season = xp_event(4, "a", 1000);
  no_season.season = std::nullopt;
  const auto outcome = apply({xp_event(1, "a", 10), kill_event(2, "a", "dragon"), other_season, no_season});
  EXPECT_EQ(outcome.applied, 4U);
  const auto sums = progress("a");
  EXPECT_EQ(sums.xp, 1022);
  EXPECT_EQ(sums.season_xp, (std::map{std::pair{season("s1"), std::int64_t{15}}, {season("s2"), std::int64_t{7}}}));
  EXPECT_EQ(sums.boss_kills.at(core::BossId::trusted("dragon")), 1);
  EXPECT_EQ(sums.version, 1);
  EXPECT_EQ(sums.updated_at, at(1000));
}

TEST_P(ProgressStoreContract, PlayerWithoutEventsIsNotFound) {
  EXPECT_EQ(run(stores_->progress().progress_of(player("a"))).error().code, Errc::not_found);
  EXPECT_EQ(run(stores_->progress().inventory_of(player("a"))).error().code, Errc::not_found);
}

TEST_P(ProgressStoreContract, EventCountsOnceHoweverOftenItComes) {
  apply({xp_event(1, "a", 10), xp_event(1, "a", 10)});
  const auto again = apply({xp_event(1, "a", 10)});
  EXPECT_EQ(again.applied, 0U);
  EXPECT_EQ(again.duplicates, 1U);
  EXPECT_EQ(progress("a").xp, 10);
}

TEST_P(ProgressStoreContract, VersionGrowsWithFreshEventsOnly) {
  apply({xp_event(1, "a", 10), xp_event(2, "b", 1)});
  apply({xp_event(1, "a", 10), xp_event(3, "b", 1)});
  EXPECT_EQ(progress("a").version, 1);
  EXPECT_EQ(progress("b").version, 2);
}

TEST_P(ProgressStoreContract, OutcomeNamesTheProgressOfEveryoneInTheBatchAlsoForDuplicates) {
  apply({xp_event(1, "a", 10)});
  auto outcome = apply({xp_event(2, "b", 1), xp_event(1, "a", 10)});
  std::ranges::sort(outcome.players, {}, &ports::Progress::player_id);
  ASSERT_EQ(outcome.players.size(), 2U);
  EXPECT_EQ(outcome.players[0], progress("a"));
  EXPECT_EQ(outcome.players[1], progress("b"));
}

TEST_P(ProgressStoreContract, EmptyBatchIsFine) {
  EXPECT_EQ(apply({}).applied, 0U);
}

TEST_P(ProgressStoreContract, DropIsGrantedOnceToWhoeverClaimsFirst) {
  const auto first = apply({drop_event(2, "b", "d1", "sword", 1), drop_event(1, "a", "d1", "sword", 1)});
  EXPECT_EQ(first.applied, 2U);
  EXPECT_EQ(first.drops_refused, 1U);
  EXPECT_EQ(inventory("b"), (std::vector{InventoryItem{core::ItemId::trusted("sword"), 1}}));
  EXPECT_TRUE(inventory("a").empty());
  EXPECT_EQ(apply({drop_event(3, "b", "d1", "sword", 5)}).drops_refused, 1U);
  EXPECT_EQ(inventory("b")[0].quantity, 1);
  EXPECT_EQ(apply({drop_event(2, "b", "d1", "sword", 1)}).drops_refused, 0U);  // a repeated event is no second claim
}

TEST_P(ProgressStoreContract, ItemsAddUpInOrderOfTheirIds) {
  apply(
      {drop_event(1, "a", "d1", "sword", 2), drop_event(2, "a", "d2", "axe", 1), drop_event(3, "a", "d3", "sword", 3)});
  EXPECT_EQ(inventory("a"), (std::vector{InventoryItem{core::ItemId::trusted("axe"), 1},
                                         InventoryItem{core::ItemId::trusted("sword"), 5}}));
}

TEST_P(ProgressStoreContract, RewardsAppearExactlyAtTheirThresholds) {
  const std::vector rewards{xp_reward("level", 100), season_reward("season", 50), kills_reward("slayer", "dragon", 2)};
  apply({xp_event(1, "a", 49)}, rewards);
  EXPECT_TRUE(earned("a").empty());
  EXPECT_EQ(apply({xp_event(2, "a", 1)}, rewards).rewards_earned, 1U);
  EXPECT_EQ(earned("a"), (std::vector<std::string>{"season@s1"}));
  apply({kill_event(3, "a", "dragon"), kill_event(4, "a", "slime")}, rewards);
  EXPECT_EQ(earned("a"), (std::vector<std::string>{"season@s1"}));
  apply({kill_event(5, "a", "dragon"), xp_event(6, "a", 35)}, rewards);
  EXPECT_EQ(earned("a"), (std::vector<std::string>{"level", "season@s1", "slayer"}));
}

TEST_P(ProgressStoreContract, SeasonRewardIsEarnedAnewInEachSeason) {
  auto next = xp_event(2, "a", 60);
  next.season = season("s2");
  apply({xp_event(1, "a", 60), next}, {season_reward("season", 50)});
  EXPECT_EQ(earned("a"), (std::vector<std::string>{"season@s1", "season@s2"}));
}

TEST_P(ProgressStoreContract, SumsStopAtTheLargestExactInteger) {
  apply({xp_event(1, "a", ports::kMaxSum), drop_event(2, "a", "d1", "gold", ports::kMaxSum)});
  const auto outcome = apply({xp_event(3, "a", ports::kMaxSum), drop_event(4, "a", "d2", "gold", 1)});
  EXPECT_GE(outcome.saturated, 2U);
  EXPECT_EQ(progress("a").xp, ports::kMaxSum);
  EXPECT_EQ(progress("a").season_xp.at(season("s1")), ports::kMaxSum);
  EXPECT_EQ(inventory("a")[0].quantity, ports::kMaxSum);
}

TEST_P(ProgressStoreContract, BatchThatDoesNotFitLeavesNothingBehind) {
  apply({xp_event(0, "a", 1)});
  std::vector<LedgerEntry> many;
  for (int n = 1; n <= 2000; ++n) many.push_back(xp_event(n, "p" + std::to_string(n), 10));
  stores_->fill_up();
  EXPECT_EQ(run(stores_->progress().apply(many, thresholds({}), at(1000))).error().code, Errc::unavailable);
  EXPECT_EQ(run(stores_->progress().progress_of(player("p1"))).error().code, Errc::not_found);
  EXPECT_EQ(progress("a").version, 1);
  stores_->make_room();
  EXPECT_EQ(apply(many).applied, 2000U);
  EXPECT_EQ(progress("p2000").xp, 10);
}

TEST_P(ProgressStoreContract, KeepsEverythingAcrossARestart) {
  apply({xp_event(1, "a", 60), drop_event(2, "a", "d1", "sword", 1), kill_event(3, "a", "dragon")},
        {season_reward("season", 50)});
  const auto before = progress("a");
  stores_->reopen();
  EXPECT_EQ(progress("a"), before);
  EXPECT_EQ(inventory("a").size(), 1U);
  EXPECT_EQ(earned("a"), (std::vector<std::string>{"season@s1"}));
  EXPECT_EQ(apply({xp_event(1, "a", 60), drop_event(4, "b", "d1", "sword", 1)}).duplicates, 1U);
  EXPECT_TRUE(inventory("b").empty());
}

TEST_P(ProgressStoreContract, ForgetsOldEventsInStepsAndOnlyThose) {
  const auto none = thresholds({});
  auto& store = stores_->progress();
  run(store.apply({xp_event(1, "a", 1), xp_event(2, "a", 1), xp_event(3, "a", 1)}, none, at(10))).value();
  run(store.apply({xp_event(4, "a", 1)}, none, at(20))).value();
  EXPECT_EQ(run(store.forget_events(at(10), 100)).value(), 0U);
  EXPECT_EQ(run(store.forget_events(at(20), 2)).value(), 2U);
  EXPECT_EQ(run(store.forget_events(at(20), 2)).value(), 1U);
  EXPECT_EQ(run(store.forget_events(at(20), 2)).value(), 0U);
  EXPECT_EQ(apply({xp_event(4, "a", 1)}).duplicates, 1U);
  EXPECT_EQ(apply({xp_event(1, "a", 1)}).applied, 1U);
  EXPECT_EQ(progress("a").xp, 5);
}

INSTANTIATE_TEST_SUITE_P(Adapters, ProgressStoreContract, ::testing::ValuesIn(all_stores()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace liveops::test
