#include <chrono>

#include "tests/contract/fairness/verdict_store_contract.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

using ports::ReviewCase;
using ports::ReviewOutcome;
using ports::ReviewState;
using std::chrono::minutes;

const core::Timestamp kNow{std::chrono::seconds(1'790'000'000)};
constexpr minutes kLease{10};

ports::Suspicion suspicion(const std::string& player, const std::string& rule, int number, double evidence = 7) {
  return {.player_id = core::PlayerId::trusted(player),
          .rule = rule,
          .action = "flag",
          .evidence = evidence,
          .summary = "words " + std::to_string(number),
          .decision_id = "d-" + std::to_string(number),
          .at = kNow + std::chrono::microseconds(number)};
}

ReviewCase::Decision decision(ReviewOutcome outcome, const std::string& worker, core::Timestamp at = kNow) {
  return {.outcome = outcome, .worker = worker, .reason = "seen the replay", .at = at};
}

std::vector<ReviewCase> all(ports::ReviewStore& reviews, ports::ReviewFilter filter = {}) {
  return run(reviews.list(std::move(filter), kNow, 100, std::nullopt)).value();
}

/// The id of a case that was opened for `player` by `rule`.
std::int64_t open_case(ports::ReviewStore& reviews, const std::string& player, const std::string& rule) {
  EXPECT_EQ(run(reviews.open({suspicion(player, rule, 1)})).value(), 0U);
  return all(reviews).front().id;
}

TEST_P(ReviewStoreContract, ACaseSurvivesARestartExactly) {
  const auto id = open_case(reviews(), "a", "tempo");
  const auto claimed = run(reviews().claim(id, "ann", kNow, kLease)).value();
  restart();
  const auto found = run(reviews().find(id)).value();
  EXPECT_EQ(found.latest.player_id.str(), "a");
  EXPECT_EQ(found.latest.rule, "tempo");
  EXPECT_EQ(found.latest.summary, "words 1");
  EXPECT_EQ(found.latest.evidence, 7);
  EXPECT_EQ(found.latest.decision_id, "d-1");
  EXPECT_EQ(found.opened_at, kNow + std::chrono::microseconds(1));
  EXPECT_EQ(found.claim, claimed.claim);
  EXPECT_EQ(found.claim->until, kNow + kLease);
  EXPECT_FALSE(found.decision);
}

TEST_P(ReviewStoreContract, RemarksOfOnePlayerAndRuleAreOneCaseWithTheNewestRemark) {
  ASSERT_TRUE(run(reviews().open({suspicion("a", "tempo", 1), suspicion("a", "tempo", 2, 9), suspicion("a", "award", 3),
                                  suspicion("b", "tempo", 4)})));
  ASSERT_TRUE(run(reviews().open({suspicion("b", "tempo", 4)}))) << "the same again";
  const auto cases = all(reviews());
  ASSERT_EQ(cases.size(), 3U);
  EXPECT_GT(cases[0].id, cases[1].id) << "newest first";
  const auto of_a = all(reviews(), {.rule = "tempo", .player = core::PlayerId::trusted("a")});
  ASSERT_EQ(of_a.size(), 1U);
  EXPECT_EQ(of_a[0].remarks, 2);
  EXPECT_EQ(of_a[0].latest.summary, "words 2");
  EXPECT_EQ(of_a[0].latest.evidence, 9);
  EXPECT_EQ(all(reviews(), {.player = core::PlayerId::trusted("b")})[0].remarks, 1);
}

TEST_P(ReviewStoreContract, OneWorkerHasACaseUntilHisTimeIsOver) {
  const auto id = open_case(reviews(), "a", "tempo");
  ASSERT_TRUE(run(reviews().claim(id, "ann", kNow, kLease)));
  EXPECT_EQ(run(reviews().claim(id, "bob", kNow + kLease - minutes(1), kLease)).error().code, core::Errc::conflict);
  ASSERT_TRUE(run(reviews().claim(id, "ann", kNow + minutes(5), kLease))) << "longer";
  EXPECT_EQ(run(reviews().claim(id, "bob", kNow + kLease, kLease)).error().code, core::Errc::conflict);
  const auto taken_over = run(reviews().claim(id, "bob", kNow + minutes(15), kLease));
  ASSERT_TRUE(taken_over);
  EXPECT_EQ(taken_over->claim->worker, "bob");
}

TEST_P(ReviewStoreContract, OnlyWhoHasACaseDecidesIt) {
  const auto id = open_case(reviews(), "a", "tempo");
  const auto refused = [&](const std::string& worker, core::Timestamp at) {
    return run(reviews().decide(id, decision(ReviewOutcome::uphold, worker, at))).error().code;
  };
  EXPECT_EQ(refused("ann", kNow), core::Errc::conflict) << "nobody has it";
  ASSERT_TRUE(run(reviews().claim(id, "ann", kNow, kLease)));
  EXPECT_EQ(refused("bob", kNow), core::Errc::conflict);
  EXPECT_EQ(refused("ann", kNow + kLease), core::Errc::conflict) << "too late";
  const auto decided = run(reviews().decide(id, decision(ReviewOutcome::uphold, "ann")));
  ASSERT_TRUE(decided);
  EXPECT_EQ(decided->state(kNow), ReviewState::decided);
  EXPECT_TRUE(run(reviews().decide(id, decision(ReviewOutcome::uphold, "ann")))) << "again";
  EXPECT_EQ(run(reviews().decide(id, decision(ReviewOutcome::overturn, "ann"))).error().code, core::Errc::conflict);
  EXPECT_EQ(run(reviews().claim(id, "ann", kNow, kLease)).error().code, core::Errc::conflict);
  restart();
  const auto found = run(reviews().find(id)).value();
  ASSERT_TRUE(found.decision);
  EXPECT_EQ(found.decision->reason, "seen the replay");
  EXPECT_EQ(found.decision->worker, "ann");
  EXPECT_EQ(found.decision->at, kNow);
}

TEST_P(ReviewStoreContract, AnOverturningWaitsUntilItIsCarriedOutAlsoOverARestart) {
  const auto id = open_case(reviews(), "a", "tempo");
  ASSERT_TRUE(run(reviews().claim(id, "ann", kNow, kLease)));
  ASSERT_TRUE(run(reviews().decide(id, decision(ReviewOutcome::overturn, "ann"))));
  restart();
  const auto waiting = run(reviews().to_carry_out(10)).value();
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(waiting[0].id, id);
  ASSERT_TRUE(run(reviews().carried_out(id)));
  EXPECT_TRUE(run(reviews().to_carry_out(10))->empty());
  EXPECT_TRUE(run(reviews().find(id))->decision->carried_out);
}

TEST_P(ReviewStoreContract, AfterTheDecisionANewRemarkOpensANewCase) {
  const auto id = open_case(reviews(), "a", "tempo");
  ASSERT_TRUE(run(reviews().claim(id, "ann", kNow, kLease)));
  ASSERT_TRUE(run(reviews().decide(id, decision(ReviewOutcome::uphold, "ann"))));
  ASSERT_TRUE(run(reviews().open({suspicion("a", "tempo", 2)})));
  EXPECT_EQ(all(reviews()).size(), 2U);
  EXPECT_EQ(all(reviews(), {.state = ReviewState::open}).size(), 1U);
  EXPECT_EQ(all(reviews(), {.state = ReviewState::decided}).front().id, id);
}

TEST_P(ReviewStoreContract, StatesAreAsOfTheTimeThatIsAskedFor) {
  const auto id = open_case(reviews(), "a", "tempo");
  ASSERT_TRUE(run(reviews().claim(id, "ann", kNow, kLease)));
  EXPECT_EQ(all(reviews(), {.state = ReviewState::claimed}).size(), 1U);
  EXPECT_TRUE(all(reviews(), {.state = ReviewState::open}).empty());
  const auto later = run(reviews().list({.state = ReviewState::open}, kNow + kLease, 10, std::nullopt));
  ASSERT_TRUE(later);
  EXPECT_EQ(later->size(), 1U) << "the claim is over";
}

TEST_P(ReviewStoreContract, PagesNeitherRepeatNorSkip) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(run(reviews().open({suspicion("p" + std::to_string(i), "tempo", i)})));
  const auto first = run(reviews().list({}, kNow, 3, std::nullopt)).value();
  const auto second = run(reviews().list({}, kNow, 3, first.back().id)).value();
  ASSERT_EQ(first.size(), 3U);
  ASSERT_EQ(second.size(), 2U);
  EXPECT_LT(second.front().id, first.back().id);
}

TEST_P(ReviewStoreContract, ARulesPrecisionComesFromItsDecidedCases) {
  int number = 0;
  for (const auto outcome : {ReviewOutcome::uphold, ReviewOutcome::uphold, ReviewOutcome::overturn}) {
    ASSERT_TRUE(run(reviews().open({suspicion("p" + std::to_string(number), "tempo", number)})));
    ++number;
    const auto id = all(reviews()).front().id;
    ASSERT_TRUE(run(reviews().claim(id, "ann", kNow, kLease)));
    ASSERT_TRUE(run(reviews().decide(id, decision(outcome, "ann"))));
  }
  ASSERT_TRUE(run(reviews().open({suspicion("q", "award", 9)})));
  restart();
  const auto rules = run(reviews().summary()).value();
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[0].rule, "award");
  EXPECT_EQ(rules[0].undecided, 1);
  EXPECT_EQ(rules[0].precision(), std::nullopt);
  EXPECT_EQ(rules[1].upheld, 2);
  EXPECT_EQ(rules[1].overturned, 1);
  EXPECT_DOUBLE_EQ(rules[1].precision().value(), 2.0 / 3);
}

TEST_P(ReviewStoreContract, AnUnknownCaseIsNotFound) {
  EXPECT_EQ(run(reviews().find(77)).error().code, core::Errc::not_found);
  EXPECT_EQ(run(reviews().claim(77, "ann", kNow, kLease)).error().code, core::Errc::not_found);
  EXPECT_EQ(run(reviews().decide(77, decision(ReviewOutcome::uphold, "ann"))).error().code, core::Errc::not_found);
  EXPECT_EQ(run(reviews().carried_out(77)).error().code, core::Errc::not_found);
}

}  // namespace
}  // namespace liveops::test
