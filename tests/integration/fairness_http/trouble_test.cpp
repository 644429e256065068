#include <gtest/gtest.h>

#include <memory>

#include "tests/integration/fairness_http/asking.hpp"

namespace liveops::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

std::string url_at(std::uint16_t port) {
  return "http://127.0.0.1:" + std::to_string(port);
}

/// What is away is left alone hardly at all, or for longer than any test.
Asking::Options eager() {
  return {.deadline = minutes(1), .first_backoff = milliseconds(1), .longest_backoff = milliseconds(1)};
}
Asking::Options patient() {
  return {.deadline = minutes(1), .first_backoff = minutes(10), .longest_backoff = minutes(10)};
}

core::Errc error_of(const Asking::Answer& answer) {
  return answer ? core::Errc::internal : answer.error().code;
}

TEST(FairnessHttpTrouble, AServerThatIsAwayIsUnavailableAndLeftAloneForAWhile) {
  Asking gateway({url_at(unused_port())}, patient());
  for (int n = 0; n < 10; ++n) EXPECT_EQ(error_of(gateway.check({event_of("p", n)})), core::Errc::unavailable);
  EXPECT_EQ(gateway.failed(), 1);
}

TEST(FairnessHttpTrouble, AServerThatComesBackIsAskedAgain) {
  const std::uint16_t port = unused_port();
  Asking gateway({url_at(port)}, eager());
  EXPECT_EQ(error_of(gateway.check({event_of("p", 1)})), core::Errc::unavailable);
  FairnessServer fairness(port);
  int tries = 0;
  while (!gateway.check({event_of("p", 2)})) ASSERT_LT(++tries, 1'000'000);
  EXPECT_TRUE(fairness.knows("p"));
}

TEST(FairnessHttpTrouble, AConnectionThatTheServerClosedIsMadeAgainUnnoticed) {
  auto fairness = std::make_unique<FairnessServer>();
  const std::uint16_t port = fairness->server().port();
  Asking gateway({url_at(port)}, patient());
  EXPECT_TRUE(gateway.check({event_of("p", 1)}));
  fairness.reset();
  fairness = std::make_unique<FairnessServer>(port);
  EXPECT_TRUE(gateway.check({event_of("p", 2)}));
  EXPECT_EQ(gateway.failed(), 0);
}

TEST(FairnessHttpTrouble, ThePlayersOfADeadReplicaAreJudgedByTheOther) {
  FairnessServer alive;
  Asking gateway({url_at(unused_port()), alive.server().url()}, patient());
  for (int n = 0; n < 50; ++n) {
    const std::string player = "p-" + std::to_string(n);
    EXPECT_TRUE(gateway.check({event_of(player, 1), event_of(player, 2)}));
    EXPECT_TRUE(alive.knows(player));
  }
  EXPECT_EQ(gateway.failed(), 1);
}

TEST(FairnessHttpTrouble, AReplicaThatDiesHandsOnWhatWaitsForIt) {
  FairnessServer alive;
  auto dying = std::make_unique<FairnessServer>();
  Asking gateway({dying->server().url(), alive.server().url()}, patient());
  std::vector<core::Event> events;
  for (int n = 0; n < 100; ++n) events.push_back(event_of("p-" + std::to_string(n), n));
  ASSERT_TRUE(gateway.check(events));
  dying.reset();
  for (auto& answer : gateway.begin_together(events)) EXPECT_TRUE(answer.get());
  for (const auto& event : events) EXPECT_TRUE(alive.knows(event.player_id.str()));
}

TEST(FairnessHttpTrouble, ACheckWaitsNoLongerThanItsDeadline) {
  ScriptedServer slow(allow_all, false);
  Asking gateway({slow.url()}, {.deadline = milliseconds(50), .request_timeout = minutes(1)});
  EXPECT_EQ(error_of(gateway.check({event_of("p", 1)})), core::Errc::timeout);
  EXPECT_EQ(error_of(gateway.check({event_of("p", 2)})), core::Errc::timeout) << "behind the one under way";
  slow.wait_for_requests(1);
  EXPECT_EQ(slow.requests(), 1);
}

TEST(FairnessHttpTrouble, WhatNobodyWaitsForAnyMoreIsNotSent) {
  ScriptedServer slow(allow_all, false);
  Asking gateway({slow.url()}, {.deadline = milliseconds(50), .request_timeout = minutes(1)});
  for (int n = 0; n < 20; ++n) EXPECT_EQ(error_of(gateway.check({event_of("p", n)})), core::Errc::timeout);
  slow.wait_for_requests(1);
  slow.open_gate();
  int tries = 0;
  while (!gateway.check({event_of("p", 100)})) ASSERT_LT(++tries, 10'000);
  EXPECT_LE(slow.requests(), 2 + tries) << "nothing was sent for those given up";
}

TEST(FairnessHttpTrouble, AServerThatHangsIsLeftForTheOther) {
  ScriptedServer hanging(allow_all, false);
  FairnessServer alive;
  Asking gateway({hanging.url(), alive.server().url()}, {.deadline = minutes(1),
                                                         .request_timeout = milliseconds(20),
                                                         .first_backoff = minutes(10),
                                                         .longest_backoff = minutes(10)});
  for (int n = 0; n < 20; ++n) EXPECT_TRUE(gateway.check({event_of("p-" + std::to_string(n), n)}));
  for (int n = 0; n < 20; ++n) EXPECT_TRUE(alive.knows("p-" + std::to_string(n)));
}

TEST(FairnessHttpTrouble, AWrongAnswerIsNoVerdictAndNoReasonToAskAnother) {
  const std::vector<core::http::Response> wrong{
      {.status = 200, .body = "nonsense"},
      {.status = 200, .body = R"({"verdicts":[]})"},
      {.status = 200, .body = R"({"verdicts":[{"action":"allow"},{"action":"allow"}]})"},
      {.status = 200, .body = R"({"verdicts":[{"action":"praise"}]})"},
      {.status = 503, .body = R"({"title":"the store is away"})"},
      {.status = 500},
  };
  for (const auto& response : wrong) {
    ScriptedServer fairness([&](const core::http::Request&) { return response; });
    Asking gateway({fairness.url()}, patient());
    EXPECT_EQ(error_of(gateway.check({event_of("p", 1)})), core::Errc::unavailable) << response.body;
    EXPECT_EQ(error_of(gateway.check({event_of("p", 2)})), core::Errc::unavailable) << response.body;
    EXPECT_EQ(fairness.requests(), 2) << "it is asked again at once: it is there";
  }
}

TEST(FairnessHttpTrouble, AStoreThatIsAwayIsNoVerdictUntilItIsBack) {
  FairnessServer fairness;
  Asking gateway({fairness.server().url()}, patient());
  fairness.store().away = true;
  EXPECT_EQ(error_of(gateway.check({event_of("p", 1, 9999)})), core::Errc::unavailable);
  EXPECT_TRUE(gateway.check({event_of("honest", 1)}));
  fairness.store().away = false;
  const auto verdicts = gateway.check({event_of("p", 1, 9999)});
  ASSERT_TRUE(verdicts);
  EXPECT_EQ(verdicts->front().action, core::VerdictAction::block);
}

TEST(FairnessHttpTrouble, OnlySoManyEventsWait) {
  ScriptedServer fairness(allow_all, false);
  Asking gateway({fairness.url()}, {.deadline = minutes(1), .request_timeout = minutes(1), .max_waiting = 10});
  auto first = gateway.begin({event_of("first", 1)});
  fairness.wait_for_requests(1);
  std::vector<std::future<Asking::Answer>> answers;
  for (int n = 0; n < 15; ++n) answers.push_back(gateway.begin({event_of("p", n)}));
  for (std::size_t n = 10; n < 15; ++n) EXPECT_EQ(error_of(answers[n].get()), core::Errc::unavailable);
  fairness.open_gate();
  EXPECT_TRUE(first.get());
  for (std::size_t n = 0; n < 10; ++n) EXPECT_TRUE(answers[n].get());
}

}  // namespace
}  // namespace liveops::test
