#include "fairness/service.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "core/verdict.hpp"
#include "fairness/test_service.hpp"

namespace liveops::fairness {
namespace {

using core::VerdictAction;
using std::chrono::seconds;

class Guard : public test::ServiceTest {};
class Moderation : public test::ServiceTest {};
class Publishing : public test::ServiceTest {};

TEST_F(Guard, HonestEventsPassWithoutAWord) {
  const core::Verdict verdict = check_one("p", 1);
  EXPECT_EQ(verdict.action, VerdictAction::allow);
  EXPECT_TRUE(verdict.decision_id.empty());
  EXPECT_TRUE(verdict.reason.empty());
  EXPECT_EQ(metrics_.value("liveops_fairness_decisions_total{action=allow,mode=none}"), 1);
}

TEST_F(Guard, AnImpossibleEventBlocksThePlayerDurablyBeforeTheAnswer) {
  const core::Verdict verdict = check_one("p", 1, 9999);
  EXPECT_EQ(verdict.action, VerdictAction::block);
  EXPECT_EQ(verdict.until, clock_.now() + seconds(900));
  EXPECT_FALSE(verdict.decision_id.empty());
  const ports::PlayerStanding& standing = store_.standings.at(core::PlayerId::trusted("p"));
  EXPECT_EQ(standing.state, VerdictAction::block);
  EXPECT_EQ(standing.policy_version, "p-1");
  EXPECT_EQ(metrics_.value("dropped_events_total{reason=hard_bound}"), 1);
  EXPECT_EQ(metrics_.value("anomaly_flags_total{detector=hard_bound}"), 1);
}

TEST_F(Guard, ABlockHoldsForTheRestOfTheBatchAndAfterIt) {
  std::vector<core::Event> events{event("p", 1, 9999), event("p", 2), event("q", 1)};
  const auto verdicts = check(std::move(events));
  ASSERT_TRUE(verdicts);
  EXPECT_EQ(verdicts->at(1).action, VerdictAction::block);
  EXPECT_EQ(verdicts->at(1).decision_id, verdicts->at(0).decision_id);
  EXPECT_EQ(verdicts->at(2).action, VerdictAction::allow);
  EXPECT_EQ(check_one("p", 3).action, VerdictAction::block);
  EXPECT_EQ(metrics_.value("dropped_events_total{reason=blocked}"), 2);
}

TEST_F(Guard, ABlockExpiresByItself) {
  (void)check_one("p", 1, 9999);
  clock_.advance(seconds(900));
  EXPECT_EQ(check_one("p", 2).action, VerdictAction::allow);
}

TEST_F(Guard, VerdictsSurviveARestart) {
  const core::Verdict before = check_one("p", 1, 9999);
  restart();
  const core::Verdict after = check_one("p", 2);
  EXPECT_EQ(after.action, VerdictAction::block);
  EXPECT_EQ(after.until, before.until);
  EXPECT_EQ(after.decision_id, before.decision_id);
  EXPECT_EQ(after.reason, before.reason);
}

TEST_F(Guard, WhatCannotBeStoredIsNotAnsweredAndJudgedAnewLater) {
  store_.away = true;
  std::vector<core::Event> events{event("p", 1, 9999)};
  const auto refused = check(std::move(events));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, core::Errc::unavailable);
  store_.away = false;
  EXPECT_EQ(check_one("p", 1, 9999).action, VerdictAction::block);
  EXPECT_EQ(store_.standings.size(), 1U);
}

TEST_F(Guard, HonestEventsNeedNoStore) {
  store_.away = true;
  EXPECT_EQ(check_one("p", 1).action, VerdictAction::allow);
}

TEST_F(Guard, AFloodIsToldToWaitAndIsNoStanding) {
  for (int n = 1; n <= 60; ++n) ASSERT_EQ(check_one("p", n).action, VerdictAction::allow);
  const core::Verdict verdict = check_one("p", 61);
  EXPECT_EQ(verdict.action, VerdictAction::throttle);
  ASSERT_TRUE(verdict.until);
  EXPECT_TRUE(store_.standings.empty());
  EXPECT_EQ(metrics_.value("dropped_events_total{reason=burst}"), 1);
  clock_.set(*verdict.until);
  EXPECT_EQ(check_one("p", 61).action, VerdictAction::allow);
}

TEST_F(Guard, ARetryOfACountedEventPassesAndCountsNothing) {
  for (int i = 0; i < 200; ++i) ASSERT_EQ(check_one("p", 1).action, VerdictAction::allow);
}

TEST_F(Guard, ShadowRulesRefuseNothingButAreRecorded) {
  rules_.hard.mode = core::RuleMode::shadow;
  service_->use_rules(rules_);
  EXPECT_EQ(check_one("p", 1, 9999).action, VerdictAction::allow);
  step();
  ASSERT_EQ(store_.decisions.size(), 1U);
  EXPECT_EQ(store_.decisions[0].mode, "shadow");
  EXPECT_EQ(store_.decisions[0].action, "block");
  EXPECT_EQ(metrics_.value("liveops_fairness_decisions_total{action=block,mode=shadow}"), 1);
  EXPECT_EQ(metrics_.value("dropped_events_total{reason=hard_bound}"), 0);
}

TEST_F(Guard, DecisionsWaitForAStoreThatIsAway) {
  (void)check_one("p", 1, 9999);
  store_.away = true;
  step();
  EXPECT_TRUE(store_.decisions.empty());
  store_.away = false;
  clock_.advance(seconds(1));
  step();
  ASSERT_EQ(store_.decisions.size(), 1U);
  EXPECT_EQ(store_.decisions[0].explanation, "xp of 9999 is beyond the game's bound of 5000");
  EXPECT_EQ(store_.decisions[0].policy_version, "p-1");
}

TEST(DecisionLog, DropsTheOldestBeyondItsBoundAndCountsThem) {
  test::FakeStore store;
  test::FakeReviews reviews;
  liveops::test::RecordingMetrics metrics;
  liveops::test::SilentLog silent;
  const liveops::test::ManualClock clock{core::Timestamp(seconds(1'790'000'000))};
  Engine engine(core::FairnessRules{.max_players = 1000});
  const PlayerHasher hasher({.first = 1, .second = 2});
  Standings standings(store, silent);
  const PolicyName policy("p-1");
  fairness::Moderation moderation(engine, hasher, standings, store, policy, clock);
  ReviewDesk desk(reviews, moderation, clock, metrics);
  DecisionLog log(store, desk, metrics, 3);
  for (int n = 0; n < 5; ++n) log.add({.id = std::to_string(n)});
  store.away = true;
  EXPECT_FALSE(liveops::test::run(log.flush()));
  store.away = false;
  ASSERT_TRUE(liveops::test::run(log.flush()));
  ASSERT_EQ(store.decisions.size(), 3U);
  EXPECT_EQ(store.decisions[0].id, "2");
  EXPECT_EQ(metrics.value("liveops_fairness_decisions_lost_total"), 2);
}

TEST(Standings, AnOlderChangeNeverOverwritesANewerOne) {
  test::FakeStore store;
  liveops::test::SilentLog log;
  Standings standings(store, log);
  const core::Timestamp now{seconds(1'790'000'000)};
  const core::PlayerId player = core::PlayerId::trusted("p");
  const auto load = [&](VerdictAction state, std::int64_t version) {
    store.standings[player] = {.player_id = player, .state = state, .version = version, .at = now};
    EXPECT_TRUE(liveops::test::run(standings.load(now)));
  };
  load(VerdictAction::block, 5);
  load(VerdictAction::throttle, 4);
  EXPECT_EQ(standings.in_force(player, now)->version, 5);
}

TEST(Standings, AreBoundedAndBlocksComeFirst) {
  test::FakeStore store;
  liveops::test::SilentLog log;
  Standings standings(store, log, 2);
  const core::Timestamp now{seconds(1'790'000'000)};
  const auto change = [&](const std::string& name, VerdictAction state) {
    std::vector<ports::StandingRequest> requests;
    requests.push_back({.wanted = {.player_id = core::PlayerId::trusted(name), .state = state, .at = now}});
    EXPECT_TRUE(liveops::test::run(standings.change(std::move(requests))));
  };
  change("a", VerdictAction::throttle);
  change("b", VerdictAction::throttle);
  change("c", VerdictAction::throttle);
  change("d", VerdictAction::block);
  EXPECT_EQ(standings.size(), 2U);
  EXPECT_TRUE(standings.in_force(core::PlayerId::trusted("d"), now));
  EXPECT_FALSE(standings.in_force(core::PlayerId::trusted("c"), now));
}

TEST_F(Publishing, BlocksAndUnblocksReachTheBusWithAscendingVersions) {
  (void)check_one("p", 1, 9999);
  step();
  (void)call("POST", "/players/{id}/unblock", {"p"}, R"({"reason":"appeal"})");
  step();
  ASSERT_EQ(bus_.published.size(), 2U);
  const auto block = core::decode_standing_change(bus_.published[0]);
  const auto unblock = core::decode_standing_change(bus_.published[1]);
  ASSERT_TRUE(block);
  ASSERT_TRUE(unblock);
  EXPECT_TRUE(block->blocked);
  EXPECT_FALSE(unblock->blocked);
  EXPECT_LT(block->version, unblock->version);
  EXPECT_TRUE(store_.outbox.empty());
}

TEST_F(Publishing, IsRetriedUntilTheBusHoldsIt) {
  bus_.away = true;
  (void)check_one("p", 1, 9999);
  step();
  restart();
  bus_.away = false;
  step();
  EXPECT_EQ(bus_.published.size(), 1U);
}

TEST_F(Publishing, WhatIsLeftIsWrittenWhenTheServiceStops) {
  (void)check_one("p", 1, 9999);
  service_->stop();
  liveops::test::run(service_->run());
  EXPECT_EQ(bus_.published.size(), 1U);
  EXPECT_EQ(store_.decisions.size(), 1U);
}

TEST_F(Moderation, AnOperatorsBlockHoldsUntilItIsTakenBack) {
  const auto blocked = call("POST", "/players/{id}/block", {"p"}, R"({"reason":"sold accounts"})");
  EXPECT_EQ(blocked.status, 200);
  clock_.advance(std::chrono::days(400));
  EXPECT_EQ(check_one("p", 1).action, VerdictAction::block);
  EXPECT_EQ(call("POST", "/players/{id}/unblock", {"p"}, R"({"reason":"appeal"})").status, 200);
  EXPECT_EQ(check_one("p", 2).action, VerdictAction::allow);
}

TEST_F(Moderation, WhatAnotherReplicaDecidedHoldsHereWithinASecond) {
  const auto decide = [this](core::VerdictAction state, std::int64_t version, std::string action) {
    store_.by_others.push_back({.standing = {.player_id = core::PlayerId::trusted("p"),
                                             .state = state,
                                             .version = version,
                                             .reason = "seen there",
                                             .at = clock_.now()},
                                .action = std::move(action)});
    clock_.advance(seconds(1));
    step();
  };
  EXPECT_EQ(check_one("p", 1).action, VerdictAction::allow);
  decide(VerdictAction::block, 1, "block");
  EXPECT_EQ(check_one("p", 2).action, VerdictAction::block);
  decide(VerdictAction::allow, 2, "clear");
  EXPECT_EQ(call("GET", "/players/{id}", {"p"}).status, 404) << "cleared here too";
  EXPECT_EQ(check_one("p", 3).action, VerdictAction::allow);
}

TEST_F(Moderation, ABlockMayHaveAnEnd) {
  (void)call("POST", "/players/{id}/block", {"p"}, R"({"reason":"cool off","duration_s":60})");
  EXPECT_EQ(check_one("p", 1).until, clock_.now() + seconds(60));
  clock_.advance(seconds(60));
  EXPECT_EQ(check_one("p", 2).action, VerdictAction::allow);
}

TEST_F(Moderation, EveryOrderIsAudited) {
  (void)call("POST", "/players/{id}/block", {"p"}, R"({"reason":"one"})");
  (void)call("POST", "/players/{id}/clear", {"p"}, R"({"reason":"two"})");
  ASSERT_EQ(store_.audit.size(), 2U);
  EXPECT_EQ(store_.audit[0].actor, "admin@10.0.0.1");
  EXPECT_EQ(store_.audit[1].action, "clear");
  EXPECT_EQ(store_.audit[1].reason, "two");
}

TEST_F(Moderation, ClearForgetsThePlayer) {
  (void)check_one("p", 1);
  EXPECT_EQ(call("POST", "/players/{id}/clear", {"p"}, R"({"reason":"mistaken identity"})").status, 200);
  EXPECT_FALSE(json(call("GET", "/players/{id}", {"p"})).contains("evidence"));
}

TEST_F(Moderation, NobodyIsUnblockedWhoWasNeverSeen) {
  EXPECT_EQ(call("POST", "/players/{id}/unblock", {"ghost"}, R"({"reason":"x"})").status, 404);
}

TEST_F(Moderation, AnOrderWithoutReasonOrWithNonsenseIsRefused) {
  for (const char* body : {"", "{}", R"({"reason":""})", R"({"reason":5})", R"({"reason":"x","duration_s":0})",
                           R"({"reason":"x","duration_s":1.5})", R"({"reason":"x","until":"never"})", "[]"}) {
    EXPECT_EQ(call("POST", "/players/{id}/block", {"p"}, body).status, 400) << body;
  }
  EXPECT_EQ(call("POST", "/players/{id}/unblock", {"p"}, R"({"reason":"x","duration_s":5})").status, 400);
  EXPECT_TRUE(store_.audit.empty());
}

TEST_F(Moderation, AnOrderThatCannotBeStoredIsNotCarriedOut) {
  store_.away = true;
  EXPECT_EQ(call("POST", "/players/{id}/block", {"p"}, R"({"reason":"x"})").status, 503);
  EXPECT_EQ(check_one("p", 1).action, VerdictAction::allow);
}

}  // namespace
}  // namespace liveops::fairness
