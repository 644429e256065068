#include <gtest/gtest.h>

#include <chrono>

#include "fairness/test_service.hpp"

namespace liveops::fairness {
namespace {

using core::VerdictAction;
using std::chrono::seconds;

class Reviews : public test::ServiceTest {
 protected:
  /// A player who was blocked by the engine; the case that this opened.
  void block_and_open() {
    ASSERT_EQ(check_one("p", 1, 9999).action, VerdictAction::block);
    clock_.advance(seconds(1));
    step();
    ASSERT_EQ(reviews_.cases.size(), 1U);
  }
  core::http::Response claim(const std::string& worker) {
    return call("POST", "/reviews/{id}/claim", {"1"}, R"({"worker":")" + worker + R"("})");
  }
  core::http::Response decide(const std::string& worker, const std::string& outcome) {
    return call("POST", "/reviews/{id}/decide", {"1"},
                R"({"worker":")" + worker + R"(","outcome":")" + outcome + R"(","reason":"seen it"})");
  }
};

TEST_F(Reviews, ABlockOfTheEngineOpensACase) {
  block_and_open();
  const auto list = json(call("GET", "/reviews", {}, {}, "state=open"));
  ASSERT_EQ(list.at("cases").as_array().size(), 1U);
  const auto& one = list.at("cases").as_array()[0];
  EXPECT_EQ(one.at("player_id").as_string(), "p");
  EXPECT_EQ(one.at("rule").as_string(), "hard_bound");
  EXPECT_EQ(one.at("action").as_string(), "block");
  EXPECT_EQ(one.at("state").as_string(), "open");
  EXPECT_FALSE(one.at("decision_id").as_string().empty());
}

TEST_F(Reviews, RulesInShadowOpenNone) {
  rules_.hard.mode = core::RuleMode::shadow;
  service_->use_rules(rules_);
  (void)check_one("p", 1, 9999);
  clock_.advance(seconds(1));
  step();
  EXPECT_EQ(store_.decisions.size(), 1U);
  EXPECT_TRUE(reviews_.cases.empty());
}

TEST_F(Reviews, CasesWaitForAStoreThatIsAway) {
  (void)check_one("p", 1, 9999);
  reviews_.away = true;
  step();
  reviews_.away = false;
  clock_.advance(seconds(1));
  step();
  EXPECT_EQ(reviews_.cases.size(), 1U);
}

TEST_F(Reviews, OfTwoWorkersOneGetsTheCase) {
  block_and_open();
  EXPECT_EQ(claim("ann").status, 200);
  EXPECT_EQ(claim("bob").status, 409);
  EXPECT_EQ(decide("bob", "uphold").status, 409);
  clock_.advance(seconds(901));
  EXPECT_EQ(claim("bob").status, 200) << "ann's time is over";
}

TEST_F(Reviews, OverturningEndsTheBlockAndIsPublished) {
  block_and_open();
  ASSERT_EQ(claim("ann").status, 200);
  const auto response = decide("ann", "overturn");
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(json(response).at("carried_out").as_bool(), true);
  EXPECT_EQ(check_one("p", 2).action, VerdictAction::allow);
  EXPECT_EQ(store_.audit.back().actor, "review 1 by ann");
  EXPECT_EQ(store_.audit.back().action, "overturn");
  EXPECT_EQ(metrics_.value("liveops_fairness_reviews_decided_total{outcome=overturn,rule=hard_bound}"), 1);
}

TEST_F(Reviews, UpholdingLeavesTheBlockAsItIs) {
  block_and_open();
  ASSERT_EQ(claim("ann").status, 200);
  ASSERT_EQ(decide("ann", "uphold").status, 200);
  EXPECT_EQ(check_one("p", 2).action, VerdictAction::block);
  EXPECT_EQ(decide("ann", "overturn").status, 409) << "decided is decided";
}

TEST_F(Reviews, WhatCouldNotBeCarriedOutIsCarriedOutLater) {
  block_and_open();
  ASSERT_EQ(claim("ann").status, 200);
  store_.away = true;
  const auto response = decide("ann", "overturn");
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(json(response).at("carried_out").as_bool(), false);
  store_.away = false;
  restart();
  clock_.advance(seconds(6));
  step();
  EXPECT_EQ(check_one("p", 2).action, VerdictAction::allow);
  EXPECT_TRUE(reviews_.cases.at(1).decision->carried_out);
}

TEST_F(Reviews, PrecisionComesFromTheOutcomes) {
  block_and_open();
  ASSERT_EQ(claim("ann").status, 200);
  ASSERT_EQ(decide("ann", "overturn").status, 200);
  const auto summary = json(call("GET", "/reviews/summary"));
  const auto& rule = summary.at("rules").as_array().at(0);
  EXPECT_EQ(rule.at("rule").as_string(), "hard_bound");
  EXPECT_EQ(rule.at("overturned").as_int64(), 1);
  EXPECT_EQ(rule.at("precision").to_number<double>(), 0);
  clock_.advance(seconds(11));
  step();
  EXPECT_EQ(metrics_.value("liveops_fairness_reviews_undecided{rule=hard_bound}"), 0);
}

TEST_F(Reviews, FaultyBodiesAreNamed) {
  block_and_open();
  EXPECT_EQ(call("POST", "/reviews/{id}/claim", {"1"}, R"({"worker":""})").status, 400);
  EXPECT_EQ(call("POST", "/reviews/{id}/claim", {"1"}, R"({"worker":"ann","lease_s":0})").status, 400);
  EXPECT_EQ(call("POST", "/reviews/{id}/decide", {"1"}, R"({"worker":"ann","outcome":"maybe","reason":"x"})").status,
            400);
  EXPECT_EQ(call("POST", "/reviews/{id}/decide", {"1"}, R"({"worker":"ann","outcome":"uphold"})").status, 400);
  EXPECT_EQ(call("GET", "/reviews/{id}", {"none"}).status, 404);
  EXPECT_EQ(call("GET", "/reviews/{id}", {"77"}).status, 404);
  EXPECT_EQ(call("GET", "/reviews", {}, {}, "state=shut").status, 400);
}

}  // namespace
}  // namespace liveops::fairness
