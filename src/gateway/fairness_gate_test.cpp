#include "gateway/fairness_gate.hpp"

#include <gtest/gtest.h>

#include "gateway/test_gateway.hpp"

namespace liveops::gateway {
namespace {

using test::Harness;
using test::progression;

constexpr auto* kPassed = "liveops_fairness_unanswered_events_total{action=passed}";
constexpr auto* kRefused = "liveops_fairness_unanswered_events_total{action=refused}";

TEST(FairnessGate, LetsEventsPassWhenFairnessFailsAndItIsOpen) {
  Harness harness({.fairness = {.fail_mode = FailMode::open}});
  harness.fairness.error = core::Errc::unavailable;
  EXPECT_EQ(harness.send_event(progression("p", 5), "a").status, 202);
  EXPECT_EQ(harness.metrics.value(kPassed), 1);
}

TEST(FairnessGate, RefusesForNowWhenFairnessFailsAndItIsClosed) {
  Harness harness({.fairness = {.fail_mode = FailMode::closed}});
  harness.fairness.error = core::Errc::timeout;
  EXPECT_EQ(harness.send_event(progression("p", 5), "a").status, 503);
  EXPECT_EQ(harness.bus.calls, 0);
  EXPECT_EQ(harness.metrics.value(kRefused), 1);
  harness.fairness.error.reset();
  EXPECT_EQ(harness.send_event(progression("p", 5), "a").status, 202) << "the key is free again";
}

TEST(FairnessGate, TreatsAThrownFailureAsNoVerdict) {
  Harness harness;
  harness.fairness.throws = true;
  EXPECT_EQ(harness.send_event(progression("p", 5), "a").status, 202);
  EXPECT_EQ(harness.metrics.value(kPassed), 1);
}

TEST(FairnessGate, AVerdictDecides) {
  Harness harness;
  EXPECT_EQ(harness.send_event(progression("p", 5), "a").status, 202);
  EXPECT_EQ(harness.fairness.calls, 1);
  harness.fairness.verdict = [](const core::Event&) { return core::Verdict{.action = core::VerdictAction::block}; };
  EXPECT_EQ(harness.send_event(progression("p", 5), "b").status, 403);
}

}  // namespace
}  // namespace liveops::gateway
