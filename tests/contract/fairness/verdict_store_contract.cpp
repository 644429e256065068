#include "tests/contract/fairness/verdict_store_contract.hpp"

#include <chrono>

#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

using core::VerdictAction;
using ports::PlayerStanding;
using ports::StandingRequest;
using std::chrono::hours;

const core::Timestamp kNow{std::chrono::seconds(1'790'000'000)};

core::PlayerId player(const std::string& name) {
  return core::PlayerId::trusted(name);
}

StandingRequest request(const std::string& who, VerdictAction state, std::optional<core::Timestamp> until,
                        std::string actor, core::Timestamp at = kNow) {
  return {.wanted = {.player_id = player(who),
                     .state = state,
                     .until = until,
                     .reason = "because",
                     .rule = actor.empty() ? "hard_bound" : "operator",
                     .policy_version = "7",
                     .decision_id = actor.empty() ? "d-1" : "",
                     .at = at},
          .actor = std::move(actor),
          .action = std::string(core::to_string(state))};
}

ports::DecisionRecord decision(int n, const std::string& who) {
  return {.id = "d-" + std::to_string(n),
          .player_id = player(who),
          .event_id = core::EventId::derive(core::KeyId::trusted("k"), std::to_string(n)),
          .action = "flag",
          .rule = "score",
          .mode = "block",
          .observed = n + 0.5,
          .expected = 2,
          .evidence = 45.25,
          .explanation = "words",
          .policy_version = "7",
          .at = kNow + std::chrono::microseconds(n),
          .detail = "{\"n\":1}"};
}

TEST_P(VerdictStoreContract, AStandingSurvivesARestartExactly) {
  const auto put = run(store().put({request("a", VerdictAction::block, kNow + hours(1), "")}));
  ASSERT_TRUE(put);
  restart();
  const auto active = run(store().active(kNow));
  ASSERT_TRUE(active);
  ASSERT_EQ(active->size(), 1U);
  EXPECT_EQ(active->front(), put->front());
  EXPECT_EQ(active->front().reason, "because");
  EXPECT_EQ(active->front().policy_version, "7");
}

TEST_P(VerdictStoreContract, WhatEndedIsNotActive) {
  ASSERT_TRUE(run(store().put({request("a", VerdictAction::throttle, kNow + hours(1), ""),
                               request("b", VerdictAction::block, std::nullopt, "admin"),
                               request("c", VerdictAction::allow, std::nullopt, "admin")})));
  const auto active = run(store().active(kNow + hours(1)));
  ASSERT_TRUE(active);
  ASSERT_EQ(active->size(), 1U);
  EXPECT_EQ(active->front().player_id, player("b"));
}

TEST_P(VerdictStoreContract, VersionsAscendEvenWithinOneInstant) {
  std::int64_t last = 0;
  for (int i = 0; i < 5; ++i) {
    const auto state = i % 2 == 0 ? VerdictAction::block : VerdictAction::allow;
    const auto put = run(store().put({request("a", state, std::nullopt, "admin")}));
    ASSERT_TRUE(put);
    EXPECT_GT(put->front().version, last);
    last = put->front().version;
  }
}

TEST_P(VerdictStoreContract, TheEngineNeverWeakensWhatIsInForce) {
  const auto by_operator = run(store().put({request("a", VerdictAction::block, std::nullopt, "admin")}));
  const auto by_engine = run(store().put({request("a", VerdictAction::throttle, kNow + hours(1), ""),
                                          request("a", VerdictAction::block, kNow + hours(1), "")}));
  ASSERT_TRUE(by_operator);
  ASSERT_TRUE(by_engine);
  EXPECT_EQ(by_engine->at(0), by_operator->front());
  EXPECT_EQ(by_engine->at(1), by_operator->front());
}

TEST_P(VerdictStoreContract, TheEngineMayLengthenAndStrengthen) {
  ASSERT_TRUE(run(store().put({request("a", VerdictAction::throttle, kNow + hours(1), "")})));
  const auto block = run(store().put({request("a", VerdictAction::block, kNow + hours(1), "")}));
  EXPECT_EQ(block->front().state, VerdictAction::block);
  const auto longer = run(store().put({request("a", VerdictAction::block, kNow + hours(2), "")}));
  EXPECT_EQ(longer->front().until, kNow + hours(2));
}

TEST_P(VerdictStoreContract, AnOperatorMayEndWhatTheEngineBegan) {
  ASSERT_TRUE(run(store().put({request("a", VerdictAction::block, kNow + hours(1), "")})));
  ASSERT_TRUE(run(store().put({request("a", VerdictAction::allow, std::nullopt, "admin")})));
  EXPECT_TRUE(run(store().active(kNow))->empty());
}

TEST_P(VerdictStoreContract, ChangesOfBeingBlockedWaitUntilPublishedAlsoOverARestart) {
  ASSERT_TRUE(run(store().put({request("a", VerdictAction::block, kNow + hours(1), ""),
                               request("b", VerdictAction::throttle, kNow + hours(1), "")})));
  ASSERT_TRUE(run(store().put({request("a", VerdictAction::allow, std::nullopt, "admin")})));
  restart();
  const auto pending = run(store().pending(10));
  ASSERT_TRUE(pending);
  ASSERT_EQ(pending->size(), 2U);  // a throttle is no news to the others
  EXPECT_TRUE(pending->at(0).change.blocked);
  EXPECT_EQ(pending->at(0).change.until, kNow + hours(1));
  EXPECT_FALSE(pending->at(1).change.blocked);
  EXPECT_LT(pending->at(0).change.version, pending->at(1).change.version);
  ASSERT_TRUE(run(store().published({pending->at(0).number})));
  const auto left = run(store().pending(10));
  ASSERT_EQ(left->size(), 1U);
  EXPECT_EQ(left->front().number, pending->at(1).number);
}

StandingRequest ranking(const std::string& who, std::optional<core::Disqualification> disqualified) {
  return {.wanted = {.player_id = player(who),
                     .reason = "ranking",
                     .rule = "operator",
                     .at = kNow + hours(2),
                     .disqualified = disqualified},
          .actor = "admin",
          .action = disqualified ? "disqualify" : "reinstate",
          .part = StandingRequest::Part::disqualification};
}

TEST_P(VerdictStoreContract, ADisqualificationLiesBesideABlockAndNeitherEndsTheOther) {
  const core::Disqualification bot{.since = kNow - hours(24), .reason = "bot"};
  ASSERT_TRUE(run(store().put({request("a", VerdictAction::block, kNow + hours(9), "admin")})));
  const auto both = run(store().put({ranking("a", bot)}));
  ASSERT_TRUE(both);
  EXPECT_EQ(both->front().state, VerdictAction::block);
  EXPECT_EQ(both->front().until, kNow + hours(9));
  EXPECT_EQ(both->front().reason, "because") << "the block's";
  EXPECT_EQ(both->front().disqualified, bot);
  restart();
  EXPECT_EQ(run(store().active(kNow))->front().disqualified, bot);
  const auto unblocked = run(store().put({request("a", VerdictAction::allow, std::nullopt, "admin")}));
  EXPECT_EQ(unblocked->front().disqualified, bot);
  const auto reinstated = run(store().put({ranking("a", std::nullopt)}));
  EXPECT_EQ(reinstated->front().disqualified, std::nullopt);
  EXPECT_EQ(run(store().history(player("a"), 10))->standing->disqualified, std::nullopt);
}

TEST_P(VerdictStoreContract, EveryChangeOfADisqualifiedPlayerIsPublishedWithAllThatIsInForce) {
  const core::Disqualification bot{.since = kNow - hours(24), .reason = "bot"};
  ASSERT_TRUE(
      run(store().put({ranking("a", bot), request("a", VerdictAction::throttle, kNow + hours(3), ""),
                       ranking("a", std::nullopt), request("a", VerdictAction::throttle, kNow + hours(4), "")})));
  const auto pending = run(store().pending(10));
  ASSERT_TRUE(pending);
  ASSERT_EQ(pending->size(), 3U) << "the last throttle is no news to the others";
  EXPECT_EQ(pending->at(0).change.disqualified, bot);
  EXPECT_EQ(pending->at(0).change.reason, "ranking");
  EXPECT_EQ(pending->at(1).change.disqualified, bot);
  EXPECT_EQ(pending->at(2).change.disqualified, std::nullopt);
  EXPECT_EQ(pending->at(2).change.at, kNow + hours(2));
}

TEST_P(VerdictStoreContract, AnOverturningSaysSinceWhenOnceAndIsAuditedSo) {
  ASSERT_TRUE(run(store().put({request("a", VerdictAction::block, std::nullopt, "admin")})));
  auto overturn = request("a", VerdictAction::allow, std::nullopt, "admin", kNow + hours(1));
  overturn.action = "overturn";
  overturn.overturns_since = kNow;
  ASSERT_TRUE(run(store().put({overturn})));
  const auto pending = run(store().pending(10));
  ASSERT_EQ(pending->size(), 2U);
  EXPECT_EQ(pending->at(1).change.overturned_since, kNow);
  EXPECT_FALSE(pending->at(1).change.blocked);
  const auto audit = run(store().history(player("a"), 10))->audit;
  EXPECT_EQ(audit.front().action, "overturn");
  EXPECT_EQ(audit.front().since, kNow);
}

TEST_P(VerdictStoreContract, ADisqualifiedPlayerIsNotForgottenHoweverLongAgo) {
  ASSERT_TRUE(run(store().put({ranking("a", core::Disqualification{.since = kNow, .reason = "bot"})})));
  for (int day = 40; day < 44; ++day) {
    ASSERT_TRUE(run(store().put({request("b", VerdictAction::block, std::nullopt, "admin", kNow + hours(24 * day))})));
  }
  EXPECT_TRUE(run(store().history(player("a"), 10))->standing);
}

TEST_P(VerdictStoreContract, EveryChangeIsAuditedWithWhoWhenWhatAndWhy) {
  ASSERT_TRUE(run(store().put({request("a", VerdictAction::block, kNow + hours(1), "admin@10.0.0.1")})));
  ASSERT_TRUE(run(store().put({request("a", VerdictAction::allow, std::nullopt, "admin@10.0.0.2", kNow + hours(1))})));
  restart();
  const auto history = run(store().history(player("a"), 10));
  ASSERT_TRUE(history);
  ASSERT_EQ(history->audit.size(), 2U);
  EXPECT_EQ(history->audit[0].actor, "admin@10.0.0.2");
  EXPECT_EQ(history->audit[0].action, "allow");
  EXPECT_EQ(history->audit[1].actor, "admin@10.0.0.1");
  EXPECT_EQ(history->audit[1].reason, "because");
  EXPECT_EQ(history->audit[1].until, kNow + hours(1));
  EXPECT_EQ(history->audit[1].at, kNow);
}

TEST_P(VerdictStoreContract, TheEngineIsNamedInTheAudit) {
  ASSERT_TRUE(run(store().put({request("a", VerdictAction::block, kNow + hours(1), "")})));
  EXPECT_EQ(run(store().history(player("a"), 10))->audit.at(0).actor, "engine");
}

TEST_P(VerdictStoreContract, ADecisionIsReadBackExactly) {
  ASSERT_TRUE(run(store().record({decision(1, "a")})));
  restart();
  const auto read = run(store().decision("d-1"));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, decision(1, "a"));
}

TEST_P(VerdictStoreContract, AnUnknownDecisionIsNotFound) {
  EXPECT_EQ(run(store().decision("nope")).error().code, core::Errc::not_found);
}

TEST_P(VerdictStoreContract, ADecisionRecordedTwiceCountsOnce) {
  ASSERT_TRUE(run(store().record({decision(1, "a"), decision(1, "a")})));
  ASSERT_TRUE(run(store().record({decision(1, "a")})));
  EXPECT_EQ(run(store().history(player("a"), 10))->decisions.size(), 1U);
  EXPECT_EQ(run(store().flagged(10, std::nullopt))->at(0).count, 1);
}

TEST_P(VerdictStoreContract, OnlyTheNewestDecisionsAreKept) {
  std::vector<ports::DecisionRecord> many;
  many.push_back(decision(0, "early"));
  for (int n = 1; n <= 60; ++n) many.push_back(decision(n, "a"));
  ASSERT_TRUE(run(store().record(many)));
  EXPECT_EQ(run(store().decision("d-10")).error().code, core::Errc::not_found);
  EXPECT_TRUE(run(store().decision("d-11")));
  EXPECT_EQ(run(store().history(player("a"), 100))->decisions.size(), 50U);
  EXPECT_EQ(run(store().flagged(10, std::nullopt))->size(), 1U);
}

TEST_P(VerdictStoreContract, FlaggedPlayersComeNewestFirstEachOnceAndInPages) {
  ASSERT_TRUE(run(store().record({decision(1, "a"), decision(2, "b"), decision(3, "c"), decision(4, "a")})));
  const auto first = run(store().flagged(2, std::nullopt));
  ASSERT_TRUE(first);
  ASSERT_EQ(first->size(), 2U);
  EXPECT_EQ(first->at(0).player_id, player("a"));
  EXPECT_EQ(first->at(0).count, 2);
  EXPECT_EQ(first->at(0).latest.id, "d-4");
  EXPECT_EQ(first->at(1).player_id, player("c"));
  const auto second = run(store().flagged(2, first->at(1).position));
  ASSERT_EQ(second->size(), 1U);
  EXPECT_EQ(second->at(0).player_id, player("b"));
}

TEST_P(VerdictStoreContract, OfAPlayerNeverHeardOfThereIsNothing) {
  const auto history = run(store().history(player("nobody"), 10));
  ASSERT_TRUE(history);
  EXPECT_FALSE(history->standing);
  EXPECT_TRUE(history->decisions.empty());
  EXPECT_TRUE(history->audit.empty());
}

TEST_P(VerdictStoreContract, HistoryIsNewestFirstAndBounded) {
  ASSERT_TRUE(run(store().record({decision(1, "a"), decision(2, "a"), decision(3, "a")})));
  const auto history = run(store().history(player("a"), 2));
  ASSERT_EQ(history->decisions.size(), 2U);
  EXPECT_EQ(history->decisions[0].id, "d-3");
}

}  // namespace
}  // namespace liveops::test
