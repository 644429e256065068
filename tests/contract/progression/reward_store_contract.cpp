#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "tests/contract/progression/entries.hpp"
#include "tests/contract/progression/stores.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

using core::Errc;
using core::ReceiptId;

class RewardStoreContract : public ::testing::TestWithParam<StoresCase> {
 protected:
  void earn(std::int64_t xp) {
    run(stores_->progress().apply({xp_event(next_event_++, "a", xp)}, thresholds({xp_reward("level", 100)}), at(1)))
        .value();
  }
  static ports::Claim claim(int n) {
    const std::string id = "r-" + std::to_string(n);
    return {.player_id = player("a"),
            .condition = xp_reward("level", 100),
            .season = std::nullopt,
            .items = {{core::ItemId::trusted("gem"), 3}},
            .receipt = {ReceiptId::trusted(id), "token " + id, "json " + id, std::nullopt},
            .now = at(50)};
  }
  std::int64_t gems() {
    const auto items = run(stores_->progress().inventory_of(player("a"))).value();
    return items.empty() ? 0 : items[0].quantity;
  }

  int next_event_ = 1;
  std::unique_ptr<Stores> stores_ = GetParam().make();
};

TEST_P(RewardStoreContract, EarnedRewardIsGrantedWithItsItemsAndReceipt) {
  earn(100);
  const auto outcome = run(stores_->rewards().claim(claim(1))).value();
  EXPECT_TRUE(outcome.first);
  EXPECT_EQ(outcome.receipt, claim(1).receipt);
  EXPECT_EQ(outcome.progress.version, 2);
  EXPECT_EQ(outcome.progress, run(stores_->progress().progress_of(player("a"))).value());
  EXPECT_EQ(gems(), 3);
  const auto rewards = run(stores_->rewards().rewards_of(player("a"))).value();
  ASSERT_EQ(rewards.claimed.size(), 1U);
  EXPECT_EQ(rewards.claimed[0].receipt_id, ReceiptId::trusted("r-1"));
  EXPECT_EQ(rewards.claimed[0].claimed_at, at(50));
}

TEST_P(RewardStoreContract, SecondClaimGetsTheFirstReceiptAlsoAfterARestart) {
  earn(100);
  run(stores_->rewards().claim(claim(1))).value();
  stores_->reopen();
  const auto again = run(stores_->rewards().claim(claim(2))).value();
  EXPECT_FALSE(again.first);
  EXPECT_EQ(again.receipt, claim(1).receipt);
  EXPECT_EQ(gems(), 3);
  EXPECT_EQ(run(stores_->rewards().find_receipt(ReceiptId::trusted("r-2"))).error().code, Errc::not_found);
}

TEST_P(RewardStoreContract, ClaimBeforeTheThresholdIsAConflictAndGrantsNothing) {
  earn(99);
  EXPECT_EQ(run(stores_->rewards().claim(claim(1))).error().code, Errc::conflict);
  EXPECT_EQ(gems(), 0);
  EXPECT_EQ(run(stores_->rewards().find_receipt(ReceiptId::trusted("r-1"))).error().code, Errc::not_found);
}

TEST_P(RewardStoreContract, UnknownPlayerIsNotFound) {
  EXPECT_EQ(run(stores_->rewards().claim(claim(1))).error().code, Errc::not_found);
  EXPECT_EQ(run(stores_->rewards().rewards_of(player("a"))).error().code, Errc::not_found);
}

TEST_P(RewardStoreContract, RewardEarnedUnderEasierRulesStaysEarned) {
  earn(100);
  auto harder = claim(1);
  harder.condition = xp_reward("level", 500);
  EXPECT_TRUE(run(stores_->rewards().claim(harder)).value().first);
}

TEST_P(RewardStoreContract, RewardNewInTheRulesCountsWhatWasDoneBefore) {
  earn(100);
  auto added_later = claim(1);
  added_later.condition = xp_reward("later", 60);
  EXPECT_TRUE(run(stores_->rewards().claim(added_later)).value().first);
}

TEST_P(RewardStoreContract, SeasonRewardIsClaimedOncePerSeason) {
  earn(100);
  auto in_season = claim(1);
  in_season.condition = season_reward("season", 100);
  in_season.season = season("s1");
  EXPECT_TRUE(run(stores_->rewards().claim(in_season)).value().first);
  EXPECT_FALSE(run(stores_->rewards().claim(in_season)).value().first);
  in_season.season = season("s2");
  in_season.receipt = claim(2).receipt;
  EXPECT_EQ(run(stores_->rewards().claim(in_season)).error().code, Errc::conflict);
}

TEST_P(RewardStoreContract, ThousandParallelClaimsGiveOneGrantAndOneReceipt) {
  earn(100);
  constexpr int kThreads = 8;
  constexpr int kClaimsEach = 125;
  std::atomic<int> firsts{0};
  std::array<std::set<std::string>, kThreads> tokens;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kClaimsEach; ++i) {
          const auto outcome = run(stores_->rewards().claim(claim(t * kClaimsEach + i)));
          ASSERT_TRUE(outcome);
          firsts += outcome->first ? 1 : 0;
          tokens[static_cast<std::size_t>(t)].insert(outcome->receipt.token);
        }
      });
    }
  }
  EXPECT_EQ(firsts, 1);
  std::set<std::string> all;
  for (const auto& some : tokens) all.insert(some.begin(), some.end());
  EXPECT_EQ(all.size(), 1U);
  EXPECT_EQ(gems(), 3);
  EXPECT_EQ(run(stores_->rewards().rewards_of(player("a"))).value().claimed.size(), 1U);
}

TEST_P(RewardStoreContract, ReceiptIsRedeemedOnceAndRemembersWhen) {
  earn(100);
  run(stores_->rewards().claim(claim(1))).value();
  const auto id = ReceiptId::trusted("r-1");
  EXPECT_EQ(run(stores_->rewards().find_receipt(id)).value().redeemed_at, std::nullopt);
  const auto first = run(stores_->rewards().redeem(id, at(60))).value();
  EXPECT_TRUE(first.first);
  EXPECT_EQ(first.redeemed_at, at(60));
  stores_->reopen();
  const auto second = run(stores_->rewards().redeem(id, at(70))).value();
  EXPECT_FALSE(second.first);
  EXPECT_EQ(second.redeemed_at, at(60));
  EXPECT_EQ(run(stores_->rewards().find_receipt(id)).value().redeemed_at, at(60));
}

TEST_P(RewardStoreContract, ReceiptThatIsNotOnRecordCannotBeRedeemed) {
  EXPECT_EQ(run(stores_->rewards().redeem(ReceiptId::trusted("r-9"), at(1))).error().code, Errc::not_found);
}

TEST_P(RewardStoreContract, ClaimThatDoesNotFitGrantsNothingAndCanBeMadeAgain) {
  earn(100);
  auto large = claim(1);
  large.receipt.token = std::string(200'000, 't');
  stores_->fill_up();
  EXPECT_EQ(run(stores_->rewards().claim(large)).error().code, Errc::unavailable);
  EXPECT_EQ(gems(), 0);
  EXPECT_TRUE(run(stores_->rewards().rewards_of(player("a"))).value().claimed.empty());
  stores_->make_room();
  EXPECT_TRUE(run(stores_->rewards().claim(large)).value().first);
  EXPECT_EQ(gems(), 3);
}

/// `since`: disqualified from then on; nullopt: not disqualified.
core::StandingChange judged(std::int64_t version, std::optional<core::Timestamp> since, const std::string& who = "a") {
  core::StandingChange change{.player_id = player(who), .version = version, .at = at(version), .reason = "why"};
  if (since) change.disqualified = {.since = *since, .reason = "bot"};
  return change;
}

TEST_P(RewardStoreContract, ADisqualifiedPlayersReceiptsSinceThenAreRevokedUntilHeIsReinstated) {
  earn(100);
  run(stores_->rewards().claim(claim(1))).value();  // at 50
  const auto id = ReceiptId::trusted("r-1");
  EXPECT_EQ(run(stores_->rewards().judge({judged(1, at(51))}, at(60)))->revoked, 0U) << "claimed before";
  EXPECT_EQ(run(stores_->rewards().judge({judged(2, at(50))}, at(61)))->revoked, 1U);
  stores_->reopen();
  EXPECT_EQ(run(stores_->rewards().find_receipt(id))->revoked_at, at(61));
  const auto refused = run(stores_->rewards().redeem(id, at(62))).value();
  EXPECT_FALSE(refused.first);
  EXPECT_EQ(refused.receipt.revoked_at, at(61));
  EXPECT_EQ(refused.receipt.redeemed_at, std::nullopt);
  EXPECT_EQ(run(stores_->rewards().judge({judged(2, at(50))}, at(63)))->revoked, 0U) << "a repeat";
  EXPECT_EQ(run(stores_->rewards().judge({judged(3, std::nullopt)}, at(64)))->restored, 1U);
  EXPECT_EQ(run(stores_->rewards().find_receipt(id))->revoked_at, std::nullopt);
  EXPECT_TRUE(run(stores_->rewards().redeem(id, at(65)))->first);
}

TEST_P(RewardStoreContract, ARedeemedReceiptStaysRedeemed) {
  earn(100);
  run(stores_->rewards().claim(claim(1))).value();
  run(stores_->rewards().redeem(ReceiptId::trusted("r-1"), at(55))).value();
  EXPECT_EQ(run(stores_->rewards().judge({judged(1, at(1))}, at(60)))->revoked, 0U);
  EXPECT_EQ(run(stores_->rewards().find_receipt(ReceiptId::trusted("r-1")))->revoked_at, std::nullopt);
}

TEST_P(RewardStoreContract, TheNewestJudgementCountsWhateverTheOrder) {
  earn(100);
  run(stores_->rewards().claim(claim(1))).value();
  run(stores_->rewards().judge({judged(5, std::nullopt), judged(4, at(1))}, at(60))).value();
  run(stores_->rewards().judge({judged(3, at(1))}, at(61))).value();
  EXPECT_EQ(run(stores_->rewards().find_receipt(ReceiptId::trusted("r-1")))->revoked_at, std::nullopt);
}

TEST_P(RewardStoreContract, ADisqualifiedPlayerClaimsNothingButSeesEarlierReceipts) {
  earn(200);
  run(stores_->rewards().claim(claim(1))).value();
  run(stores_->rewards().judge({judged(1, at(60)), judged(1, at(60), "b")}, at(60))).value();
  auto other = claim(2);
  other.condition = xp_reward("later", 60);
  EXPECT_EQ(run(stores_->rewards().claim(other)).error().code, Errc::forbidden);
  EXPECT_EQ(gems(), 3);
  EXPECT_FALSE(run(stores_->rewards().claim(claim(1)))->first);
  run(stores_->rewards().judge({judged(2, std::nullopt)}, at(61))).value();
  EXPECT_TRUE(run(stores_->rewards().claim(other))->first);
}

TEST_P(RewardStoreContract, OnlyWhoIsNotDisqualifiedIsForgotten) {
  run(stores_->rewards().judge({judged(1, at(1)), judged(2, std::nullopt, "b"), judged(9, std::nullopt, "c")}, at(9)))
      .value();
  EXPECT_EQ(run(stores_->rewards().forget_judged(at(9), 10)).value(), 1U);
  EXPECT_EQ(run(stores_->rewards().forget_judged(at(9), 10)).value(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Adapters, RewardStoreContract, ::testing::ValuesIn(all_stores()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace liveops::test
