#include <set>

#include "tests/contract/bus/bus_calls.hpp"
#include "tests/contract/bus/bus_sqs_fixture.hpp"
#include "tests/support/io_thread.hpp"

namespace liveops::test {

namespace bus_sqs = adapters::bus_sqs;
using core::Errc;
using ports::PublishOutcome;
using ports::Topic;
using std::chrono::milliseconds;
using testing::Each;
using testing::IsEmpty;
using testing::SizeIs;

namespace {

bool try_publish(SqsBus& test, std::uint32_t first, std::uint32_t count) {
  const auto outcomes = run(test.bus().publish(Topic::events, envelopes(first, count)));
  return outcomes && *outcomes == std::vector(count, PublishOutcome::stored);
}

/// Receives and acks until the queue is empty; every number that came.
std::set<std::uint32_t> drain(SqsBus& test, ports::EventConsumer& consumer) {
  std::set<std::uint32_t> seen;
  const auto empty = [&] {
    const auto batch = run(consumer.receive(100, milliseconds(0)));
    if (batch) {
      for (const auto n : numbers_of(*batch)) seen.insert(n);
      EXPECT_TRUE(run(consumer.ack(tags_of(*batch))).has_value());
    }
    const auto backlog = run(consumer.backlog());
    if (backlog && batch && batch->empty() && backlog->messages > 0) test.advance(kVisibility);
    return backlog && backlog->messages == 0;
  };
  EXPECT_TRUE(wait_until(empty));
  return seen;
}

}  // namespace

TEST(SqsFaults, WhatWasStoredIsThereAfterTheServiceWasKilledAndStartedAgain) {
  SqsStandIn server(true);
  SqsBus test({.publish_timeout = milliseconds(500)}, server);
  const auto consumer = open(test.bus(), "g");
  std::set<std::uint32_t> promised;
  for (std::uint32_t n = 0; n < 200; n += 10) {
    if (n == 100) server.kill();
    if (try_publish(test, n, 10)) {
      for (std::uint32_t i = 0; i < 10; ++i) promised.insert(n + i);
    }
    if (n == 120) server.start();
  }
  EXPECT_LT(promised.size(), 200U);
  EXPECT_GE(promised.size(), 150U);
  EXPECT_TRUE(wait_until([&] { return run(test.bus().check()).has_value(); }));
  EXPECT_TRUE(std::ranges::includes(drain(test, *consumer), promised));
}

TEST(SqsFaults, AServiceThatHangsMeansRetryAndAnEndInTime) {
  SqsStandIn server;
  SqsBus test({.publish_timeout = milliseconds(600), .request_timeout = milliseconds(300)}, server);
  const auto consumer = open(test.bus(), "g");
  server.pause();
  const auto outcomes = run(test.bus().publish(Topic::events, envelopes(0, 3)));
  ASSERT_TRUE(outcomes.has_value());
  EXPECT_THAT(*outcomes, Each(PublishOutcome::retry));
  EXPECT_EQ(run(consumer->receive(10, milliseconds(0))).error().code, Errc::unavailable);
  EXPECT_EQ(run(test.bus().check()).error().code, Errc::unavailable);
  server.resume();
  EXPECT_TRUE(wait_until([&] { return try_publish(test, 0, 3); }));
  EXPECT_EQ(drain(test, *consumer).size(), 3U);
}

TEST(SqsFaults, ClosingEndsAPollOfAServiceThatHangs) {
  SqsStandIn server;
  SqsBus test({}, server);
  const auto consumer = open(test.bus(), "g");
  IoThread io;
  server.pause();
  auto receiving = io.start(consumer->receive(10, std::chrono::hours(1)));
  consumer->close();
  ASSERT_EQ(receiving.wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_THAT(*receiving.get(), IsEmpty());
  server.resume();
}

TEST(SqsFaults, TheBooksBalanceUnderThrottlingErrorsAndFailedEntries) {
  SqsBus test;
  const auto consumer = open(test.bus(), "g");
  const auto other = open(test.bus(), "other");
  for (const auto* operation : {"SendMessageBatch", "ReceiveMessage", "DeleteMessageBatch"}) {
    for (const auto* what :
         {R"("throttle","retryAfterMs":20)", R"("error","status":500)", R"("html","status":503)", R"("drop")"}) {
      test.order(std::string(R"({"operation":")") + operation + R"(","times":2,"what":)" + what + "}");
    }
  }
  test.order(R"({"operation":"SendMessageBatch","times":5,"what":"fail_entries","entries":[0,2,9]})");
  std::set<std::uint32_t> promised;
  for (std::uint32_t n = 0; n < 300; n += 30) {
    ASSERT_TRUE(wait_until([&] { return try_publish(test, n, 30); }));
    for (std::uint32_t i = 0; i < 30; ++i) promised.insert(n + i);
  }
  EXPECT_EQ(drain(test, *consumer), promised);
  EXPECT_EQ(drain(test, *other), promised);
  test.order(R"({"times":0})");
}

TEST(SqsFaults, WhatCouldNotBeAckedComesAgainAlthoughWhatIsInHandIsExtended) {
  SqsBus test({.visibility = milliseconds(1000), .hold = std::chrono::hours(1)});
  const auto consumer = open(test.bus(), "g");
  ASSERT_TRUE(try_publish(test, 0, 1));
  const auto batch = receive(*consumer);
  ASSERT_THAT(batch, SizeIs(1));
  test.order(R"({"operation":"DeleteMessageBatch","times":3,"what":"error","status":500})");
  EXPECT_FALSE(run(consumer->ack(tags_of(batch))).has_value());
  test.order(R"({"times":0})");
  std::vector<ports::Delivery> again;
  EXPECT_TRUE(wait_until([&] {
    again = receive(*consumer);
    return !again.empty();
  }));
  EXPECT_TRUE(run(consumer->ack(tags_of(again))).has_value());
}

TEST(SqsFaults, ABusThatCannotStartSaysWhy) {
  const core::SystemClock clock;
  SilentLog log;
  auto environment = shared_sqs().environment();
  environment["AWS_SECRET_ACCESS_KEY"] = "wrong";
  const auto refused = bus_sqs::EventBus::open({.groups = {{.topic = Topic::events, .group = "g"}}},
                                               adapters::aws::fixed_environment(environment), clock, log);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Errc::unauthenticated);
}

}  // namespace liveops::test
