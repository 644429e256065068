#include <gtest/gtest.h>

#include <chrono>

#include "core/verdict.hpp"
#include "fairness/test_service.hpp"

namespace liveops::fairness {
namespace {

using core::VerdictAction;
using std::chrono::hours;
using std::chrono::seconds;

class Undo : public test::ServiceTest {
 protected:
  core::http::Response order(const std::string& action, const std::string& body) {
    return call("POST", "/players/{id}/" + action, {"p"}, body);
  }
  /// The newest change that went over the bus.
  core::StandingChange published() {
    clock_.advance(seconds(1));
    step();
    EXPECT_FALSE(bus_.published.empty());
    return core::decode_standing_change(bus_.published.back()).value();
  }
};

TEST_F(Undo, ADisqualificationIsPublishedWithItsStartAndReason) {
  const auto response = order("disqualify", R"({"reason":"bot","since":"2026-09-01T00:00:00Z"})");
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(json(response).at("disqualified").at("reason").as_string(), "bot");
  EXPECT_EQ(json(response).at("standing").at("state").as_string(), "good") << "events are taken as before";
  const auto change = published();
  EXPECT_EQ(change.disqualified, (core::Disqualification{core::parse_rfc3339("2026-09-01T00:00:00Z").value(), "bot"}));
  EXPECT_FALSE(change.blocked);
  EXPECT_EQ(check_one("p", 1).action, VerdictAction::allow);
}

TEST_F(Undo, WithoutAStartItCountsFromNow) {
  ASSERT_EQ(order("disqualify", R"({"reason":"bot"})").status, 200);
  const core::Timestamp at = clock_.now();
  EXPECT_EQ(published().disqualified->since, at);
}

TEST_F(Undo, AStartThatLiesAheadIsRefused) {
  EXPECT_EQ(order("disqualify", R"({"reason":"bot","since":"2036-09-01T00:00:00Z"})").status, 400);
  EXPECT_EQ(order("disqualify", R"({"reason":"bot","since":"yesterday"})").status, 400);
  EXPECT_EQ(order("block", R"({"reason":"bot","since":"2026-09-01T00:00:00Z"})").status, 400);
  EXPECT_TRUE(store_.standings.empty());
}

TEST_F(Undo, ReinstatingTakesItBackAndOnlyThat) {
  ASSERT_EQ(order("block", R"({"reason":"flood"})").status, 200);
  ASSERT_EQ(order("disqualify", R"({"reason":"bot"})").status, 200);
  const auto response = order("reinstate", R"({"reason":"was his brother"})");
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(json(response).at("standing").at("state").as_string(), "blocked");
  const auto change = published();
  EXPECT_EQ(change.disqualified, std::nullopt);
  EXPECT_TRUE(change.blocked);
  EXPECT_EQ(change.reason, "was his brother");
}

TEST_F(Undo, WhoIsNotDisqualifiedCannotBeReinstated) {
  EXPECT_EQ(order("reinstate", R"({"reason":"x"})").status, 404);
  ASSERT_EQ(order("block", R"({"reason":"flood"})").status, 200);
  EXPECT_EQ(order("reinstate", R"({"reason":"x"})").status, 409);
}

TEST_F(Undo, OverturningLiftsTheBlockAndSaysSinceWhenItWasWrong) {
  (void)check_one("p", 1, 9999);
  const core::Timestamp blocked_at = clock_.now();
  clock_.advance(seconds(600));
  ASSERT_EQ(order("block", R"({"reason":"longer"})").status, 200);
  clock_.advance(hours(1));
  ASSERT_EQ(order("overturn", R"({"reason":"the bound was wrong"})").status, 200);
  EXPECT_EQ(check_one("p", 2).action, VerdictAction::allow);
  const auto change = published();
  EXPECT_FALSE(change.blocked);
  EXPECT_EQ(change.overturned_since, blocked_at) << "the first of the blocks that followed one another";
  EXPECT_EQ(store_.audit.back().action, "overturn");
}

TEST_F(Undo, AnEndedBlockCanBeOverturnedToo) {
  (void)check_one("p", 1, 9999);
  const core::Timestamp blocked_at = clock_.now();
  clock_.advance(hours(2));
  ASSERT_EQ(order("overturn", R"({"reason":"wrong"})").status, 200);
  EXPECT_EQ(published().overturned_since, blocked_at);
}

TEST_F(Undo, WhyAnOperatorBlockedIsForOperators) {
  ASSERT_EQ(order("block", R"({"reason":"shares the account with eve"})").status, 200);
  const auto verdict = check_one("p", 1);
  EXPECT_EQ(verdict.action, VerdictAction::block);
  EXPECT_FALSE(verdict.reason.empty());
  EXPECT_EQ(verdict.reason.find("eve"), std::string::npos) << verdict.reason;
  EXPECT_EQ(json(call("GET", "/players/{id}", {"p"})).at("standing").at("reason").as_string(),
            "shares the account with eve");
}

TEST_F(Undo, ThePlayersPageShowsTheDisqualification) {
  ASSERT_EQ(order("disqualify", R"({"reason":"bot"})").status, 200);
  const auto page = json(call("GET", "/players/{id}", {"p"}));
  EXPECT_EQ(page.at("disqualified").at("reason").as_string(), "bot");
  EXPECT_EQ(page.at("audit").as_array().front().at("what").as_string(), "disqualify");
}

}  // namespace
}  // namespace liveops::fairness
