#include <gtest/gtest.h>

#include "tests/integration/fairness_http/asking.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

using core::VerdictAction;
using std::chrono::minutes;

std::vector<core::Event> events_of(const std::string& player, int count) {
  std::vector<core::Event> events;
  for (int n = 0; n < count; ++n) events.push_back(event_of(player + "-" + std::to_string(n), n));
  return events;
}

TEST(FairnessHttp, VerdictsOfTheServiceComeBackInOrder) {
  FairnessServer fairness;
  Asking gateway({fairness.server().url()});
  auto events = events_of("p", 3);
  events[1] = event_of("cheat", 1, 9999);
  const auto verdicts = gateway.check(std::move(events));
  ASSERT_TRUE(verdicts) << verdicts.error().message;
  ASSERT_EQ(verdicts->size(), 3U);
  EXPECT_EQ(verdicts->at(0).action, VerdictAction::allow);
  EXPECT_EQ(verdicts->at(1).action, VerdictAction::block);
  EXPECT_FALSE(verdicts->at(1).reason.empty());
  EXPECT_FALSE(verdicts->at(1).decision_id.empty());
  EXPECT_TRUE(verdicts->at(1).until);
  EXPECT_EQ(verdicts->at(2).action, VerdictAction::allow);
  EXPECT_EQ(fairness.store().standings.size(), 1U);
}

TEST(FairnessHttp, ARetryIsKnownByTheIdOfItsEvent) {
  FairnessServer fairness;
  Asking gateway({fairness.server().url()});
  for (int n = 0; n < 200; ++n) {
    const auto verdicts = gateway.check({event_of("p", 1)});
    ASSERT_TRUE(verdicts);
    ASSERT_EQ(verdicts->front().action, VerdictAction::allow) << "a flood of retries is no flood";
  }
}

TEST(FairnessHttp, TheClocksNeedNotAgree) {
  FairnessServer fairness;
  Asking gateway({fairness.server().url()});
  auto event = event_of("p", 1);
  event.occurred_at += minutes(60);
  EXPECT_TRUE(gateway.check({event}));
}

TEST(FairnessHttp, NoEventsNeedNoAnswer) {
  Asking gateway({"http://127.0.0.1:" + std::to_string(unused_port())});
  const auto verdicts = gateway.check({});
  ASSERT_TRUE(verdicts);
  EXPECT_TRUE(verdicts->empty());
}

TEST(FairnessHttp, CallersOfOtherExecutorsAreServedToo) {
  FairnessServer fairness;
  Asking gateway({fairness.server().url()});
  std::vector<core::Event> events{event_of("p", 1)};
  EXPECT_TRUE(run(gateway.adapter().check(std::move(events))));
}

TEST(FairnessHttp, ASignatureServesWhereThereIsNoToken) {
  FairnessServer fairness;
  Asking gateway({fairness.server().url()}, {.signing_key = test_signing_key(), .deadline = minutes(1)});
  EXPECT_TRUE(gateway.check({event_of("p", 1)}));
}

TEST(FairnessHttp, AWrongTokenIsNoVerdict) {
  FairnessServer fairness;
  Asking gateway({fairness.server().url()}, {.bearer_token = "another", .deadline = minutes(1)});
  const auto verdicts = gateway.check({event_of("p", 1)});
  ASSERT_FALSE(verdicts);
  EXPECT_EQ(verdicts.error().code, core::Errc::unavailable);
  EXPECT_NE(verdicts.error().message.find("401"), std::string::npos);
  EXPECT_FALSE(fairness.knows("p"));
}

TEST(FairnessHttp, WhatIsAskedWithinOneTurnGoesIntoOneRequest) {
  FairnessServer fairness;
  Asking gateway({fairness.server().url()});
  for (auto& answer : gateway.begin_together(events_of("p", 300))) EXPECT_TRUE(answer.get());
  EXPECT_EQ(gateway.answered(), 1);
}

TEST(FairnessHttp, ARequestHasAThousandEventsAtMost) {
  FairnessServer fairness;
  Asking gateway({fairness.server().url()});
  const auto verdicts = gateway.check(events_of("p", 2500));
  ASSERT_TRUE(verdicts) << verdicts.error().message;
  EXPECT_EQ(verdicts->size(), 2500U);
  EXPECT_EQ(gateway.answered(), 3);
}

TEST(FairnessHttp, WhatIsAskedWhileARequestIsUnderWayGoesIntoTheNext) {
  ScriptedServer fairness(allow_all, false);
  Asking gateway({fairness.url()});
  auto first = gateway.begin({event_of("first", 1)});
  fairness.wait_for_requests(1);
  std::vector<std::future<Asking::Answer>> answers;
  for (int n = 0; n < 50; ++n) answers.push_back(gateway.begin({event_of("p", n)}));
  fairness.open_gate();
  EXPECT_TRUE(first.get());
  for (auto& answer : answers) EXPECT_TRUE(answer.get());
  EXPECT_EQ(gateway.answered(), 2);
}

TEST(FairnessHttp, EachPlayerHasOneReplica) {
  FairnessServer one;
  FairnessServer two;
  Asking gateway({one.server().url(), two.server().url()});
  for (int round = 0; round < 3; ++round) {
    const auto verdicts = gateway.check(events_of("p", 100));
    ASSERT_TRUE(verdicts);
    EXPECT_EQ(verdicts->size(), 100U);
  }
  int at_one = 0;
  for (const auto& event : events_of("p", 100)) {
    EXPECT_NE(one.knows(event.player_id.str()), two.knows(event.player_id.str())) << event.player_id.str();
    at_one += one.knows(event.player_id.str()) ? 1 : 0;
  }
  EXPECT_GT(at_one, 20);
  EXPECT_LT(at_one, 80);
}

TEST(FairnessHttp, ARequestCarriesTheTraceOfItsFirstEvent) {
  constexpr auto* kTrace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  std::string seen;
  ScriptedServer fairness([&seen](const core::http::Request& request) {
    seen = request.traceparent;
    return allow_all(request);
  });
  Asking gateway({fairness.url()});
  auto event = event_of("p", 1);
  event.traceparent = kTrace;
  EXPECT_TRUE(gateway.check({event}));
  EXPECT_EQ(seen, kTrace);
}

TEST(FairnessHttp, AUrlMayHaveAPathBeforeTheRoute) {
  ScriptedServer fairness(allow_all);
  Asking gateway({fairness.url() + "/"});
  EXPECT_TRUE(gateway.check({event_of("p", 1)}));
  Asking lost({fairness.url() + "/elsewhere/"});
  const auto verdicts = lost.check({event_of("p", 1)});
  ASSERT_FALSE(verdicts);
  EXPECT_NE(verdicts.error().message.find("404"), std::string::npos);
}

TEST(FairnessHttp, NeedsUrlsAndCredentials) {
  boost::asio::io_context io;
  core::SystemClock clock;
  SilentLog log;
  RecordingMetrics metrics;
  const auto code = [&](Asking::Options options) {
    const auto made = adapters::fairness_http::FairnessCheck::create(std::move(options), {&io}, clock, log, metrics);
    return made ? std::nullopt : std::optional(made.error().code);
  };
  EXPECT_EQ(code({.bearer_token = "t"}), core::Errc::invalid_argument);
  EXPECT_EQ(code({.urls = {"ftp://a"}, .bearer_token = "t"}), core::Errc::invalid_argument);
  EXPECT_EQ(code({.urls = {"http://a:1"}}), core::Errc::invalid_argument);
  EXPECT_EQ(code({.urls = {"http://a:1", "http://a:1/"}, .bearer_token = "t"}), std::nullopt);
}

}  // namespace
}  // namespace liveops::test
