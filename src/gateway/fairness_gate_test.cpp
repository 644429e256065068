#include "gateway/fairness_gate.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "gateway/test_gateway.hpp"

namespace liveops::gateway {
namespace {

using test::Harness;
using test::progression;
using test::TestRequest;

constexpr auto* kPassed = "liveops_fairness_unanswered_events_total{action=passed}";
constexpr auto* kRefused = "liveops_fairness_unanswered_events_total{action=refused}";

/// Sends an event while fairness holds its answer back; lets it answer once the client has its own.
int send_while_held(Harness& harness, const std::string& key) {
  boost::asio::io_context io(1);
  harness.fairness.hold = std::make_unique<boost::asio::steady_timer>(io, boost::asio::steady_timer::time_point::max());
  TestRequest request("/events", progression("p", 5));
  request.with("Idempotency-Key", key);
  const auto view = request.view();
  int status = 0;
  boost::asio::co_spawn(io, harness.gateway.events().handle(view),
                        [&](const std::exception_ptr&, const core::http::Response& response) {
                          status = response.status;
                          harness.fairness.hold->cancel();
                        });
  io.run();
  harness.fairness.hold.reset();
  return status;
}

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
  for (const auto deadline : {std::chrono::milliseconds(0), std::chrono::milliseconds(20)}) {
    Harness harness({.fairness = {.deadline = deadline}});
    harness.fairness.throws = true;
    EXPECT_EQ(harness.send_event(progression("p", 5), "a").status, 202);
    EXPECT_EQ(harness.metrics.value(kPassed), 1);
  }
}

TEST(FairnessGate, AsksTheSameWithoutADeadline) {
  Harness harness({.fairness = {.deadline = std::chrono::milliseconds(0)}});
  EXPECT_EQ(harness.send_event(progression("p", 5), "a").status, 202);
  EXPECT_EQ(harness.fairness.calls, 1);
  harness.fairness.verdict = [](const core::Event&) { return core::Verdict{.action = core::VerdictAction::block}; };
  EXPECT_EQ(harness.send_event(progression("p", 5), "b").status, 403);
}

TEST(FairnessGate, WaitsNoLongerThanItsDeadline) {
  Harness open({.fairness = {.deadline = std::chrono::milliseconds(1), .fail_mode = FailMode::open}});
  EXPECT_EQ(send_while_held(open, "a"), 202);
  Harness closed({.fairness = {.deadline = std::chrono::milliseconds(1), .fail_mode = FailMode::closed}});
  EXPECT_EQ(send_while_held(closed, "a"), 503);
  EXPECT_EQ(send_while_held(closed, "a"), 503) << "a late verdict does not hold the key";
}

TEST(FairnessGate, StartsNoMoreChecksThanItLetsBeOverdue) {
  Harness harness({.fairness = {.deadline = std::chrono::milliseconds(1), .max_overdue = 0}});
  EXPECT_EQ(send_while_held(harness, "a"), 202);
  EXPECT_EQ(harness.fairness.calls, 0);
}

}  // namespace
}  // namespace liveops::gateway
