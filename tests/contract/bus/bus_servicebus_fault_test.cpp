#include <algorithm>
#include <ctime>
#include <set>
#include <thread>

#include "tests/contract/bus/bus_servicebus_own.hpp"

namespace liveops::test {

namespace bus_servicebus = adapters::bus_servicebus;
using core::Errc;
using ports::PublishOutcome;
using ports::Topic;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

namespace {

constexpr milliseconds kRecovery{30'000};  // within which everything works again

bool recovers(ServiceBusBus& test) {
  return wait_until([&] { return run(test.bus().check()).has_value(); }, kRecovery);
}

/// Publishes one after the other until told to stop, and remembers what was stored.
class Publisher {
 public:
  explicit Publisher(ports::EventBus& bus) : thread_([this, &bus] { publish(bus); }) {}

  /// Waits until that many more are stored; false when that takes too long.
  bool stores(std::size_t more) {
    const auto goal = count_.load() + more;
    return wait_until([&] { return count_.load() >= goal; }, seconds(30));
  }
  std::set<std::uint32_t> stop() {
    stopping_.store(true);
    thread_.join();
    return stored_;
  }
  [[nodiscard]] std::size_t failures() const { return failures_.load(); }

 private:
  void publish(ports::EventBus& bus) {
    for (std::uint32_t n = 0; !stopping_.load(); n += 10) {
      const auto outcomes = run(bus.publish(Topic::events, envelopes(n, 10)));
      for (std::uint32_t i = 0; outcomes && i < outcomes->size(); ++i) {
        if ((*outcomes)[i] != PublishOutcome::stored) {
          failures_.fetch_add(1);
          continue;
        }
        stored_.insert(n + i);
        count_.fetch_add(1);
      }
      if (!outcomes) {
        failures_.fetch_add(10);
        std::this_thread::sleep_for(milliseconds(5));  // as a caller that answers 503 does
      }
    }
  }

  std::set<std::uint32_t> stored_;
  std::atomic<std::size_t> count_{0};
  std::atomic<std::size_t> failures_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

using Numbers = std::set<std::uint32_t>;

/// Acks what comes until all of these have come, and what comes with the last of them; gives all that came.
Numbers consume(ports::EventConsumer& consumer, const Numbers& expected) {
  Numbers received;
  const auto have_come = [&] {
    for (auto batch = receive_now(consumer, 500); !batch.empty(); batch = receive_now(consumer, 500)) {
      for (const auto n : numbers_of(batch)) received.insert(n);
      static_cast<void>(run(consumer.ack(tags_of(batch))));  // what fails comes again
    }
    return std::ranges::includes(received, expected);
  };
  EXPECT_TRUE(wait_until(have_come, kRecovery)) << received.size() << " came, of " << expected.size();
  return received;
}

ServiceBusStandin::Options durable_topics() {
  return {.lock_ms = 1500, .has_journal = true, .topics = {{"kept-events", {"g"}}, {"kept-verdicts", {"g"}}}};
}

bus_servicebus::Options on_durable_topics() {
  return {.events_topic = "kept-events", .verdicts_topic = "kept-verdicts"};
}

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

}  // namespace

TEST(ServiceBusFaults, NothingThatWasStoredIsLostWhenTheServiceIsKilledWhilePublishing) {
  ServiceBusStandin standin(durable_topics());
  ServiceBusBus test(on_durable_topics(), standin);
  Publisher publisher(test.bus());
  for (int kill = 0; kill < 3; ++kill) {
    ASSERT_TRUE(publisher.stores(300));
    standin.restart();
  }
  ASSERT_TRUE(publisher.stores(300));
  const auto stored = publisher.stop();
  consume(*open_group(test.bus(), "g"), stored);
}

TEST(ServiceBusFaults, WhileTheServiceIsAwayCallsFailAndAfterItsReturnEverythingGoesOn) {
  ServiceBusStandin standin(durable_topics());
  ServiceBusBus test(on_durable_topics(), standin);
  const auto consumer = open_group(test.bus(), "g");
  ASSERT_TRUE(try_publish(test.bus(), envelopes(1, 2)));
  const auto held = receive_now(*consumer, 1);
  standin.kill();
  ASSERT_TRUE(wait_until([&] { return !run(test.bus().check()).has_value(); }));
  EXPECT_THAT(run(test.bus().check()).error().message, HasSubstr("not connected"));
  EXPECT_EQ(run(test.bus().publish(Topic::events, {envelope(3)})).error().code, Errc::unavailable);
  EXPECT_EQ(run(consumer->receive(10, milliseconds(0))).error().code, Errc::unavailable);
  EXPECT_EQ(run(consumer->ack(tags_of(held))).error().code, Errc::unavailable);
  EXPECT_EQ(run(consumer->nack(tags_of(held), seconds(1))).error().code, Errc::unavailable);
  EXPECT_EQ(run(consumer->extend(tags_of(held))).error().code, Errc::unavailable);
  EXPECT_EQ(run(consumer->backlog()).error().code, Errc::unavailable);
  standin.start();
  EXPECT_TRUE(recovers(test));
  EXPECT_TRUE(try_publish(test.bus(), {envelope(3)}));
  EXPECT_THAT(consume(*consumer, {1, 2, 3}), UnorderedElementsAre(1, 2, 3));
}

TEST(ServiceBusFaults, AReceiveThatWaitsIsServedWhenTheServiceIsBack) {
  ServiceBusStandin standin(durable_topics());
  ServiceBusBus test(on_durable_topics(), standin);
  const auto consumer = open_group(test.bus(), "g");
  std::vector<ports::Delivery> received;
  std::thread waiting([&] { received = receive_within(*consumer, seconds(60)); });
  standin.restart();
  EXPECT_TRUE(wait_until([&] { return try_publish(test.bus(), {envelope(1)}); }, kRecovery));
  waiting.join();
  EXPECT_THAT(numbers_of(received), UnorderedElementsAre(1));
}

TEST(ServiceBusFaults, LinksThatTheServiceDetachesAreOpenedAgainUnnoticed) {
  ServiceBusStandin standin({.lock_ms = 30'000});
  ServiceBusBus test({}, standin);
  const auto consumer = open_group(test.bus(), "g");
  const auto connections = standin.counted("connections");
  for (std::uint32_t round = 1; round <= 3; ++round) {
    ASSERT_TRUE(try_publish(test.bus(), {envelope(round)}));
    standin.order(R"({"kind": "detach"})");
  }
  ASSERT_TRUE(try_publish(test.bus(), {envelope(4)}));
  EXPECT_EQ(consume(*consumer, {1, 2, 3, 4}).size(), 4U);
  EXPECT_EQ(standin.counted("connections"), connections);
}

TEST(ServiceBusFaults, APublishThatIsUnderWayWhenTheConnectionGoesIsSentAgain) {
  ServiceBusStandin standin({.lock_ms = 30'000});
  ServiceBusBus test({}, standin);
  standin.order(R"({"kind": "slow", "ms": 500})");
  std::atomic<bool> stored{false};
  std::thread publishing([&] { stored.store(try_publish(test.bus(), {envelope(1)})); });
  EXPECT_TRUE(wait_until([&] { return standin.counted("transfers") == 1; }));
  standin.order(R"({"kind": "drop"})");
  publishing.join();
  EXPECT_TRUE(stored.load());
  EXPECT_EQ(consume(*open_group(test.bus(), "g"), {1}).size(), 1U);
}

TEST(ServiceBusFaults, AServiceThatIsTooBusyIsGivenAPause) {
  ServiceBusStandin standin({.lock_ms = 30'000});
  ServiceBusBus test({.busy_pause = milliseconds(500)}, standin);
  standin.order(R"({"kind": "busy", "count": 1})");
  const auto outcomes = run(test.bus().publish(Topic::events, envelopes(1, 2)));
  ASSERT_TRUE(outcomes.has_value());
  EXPECT_THAT(*outcomes, UnorderedElementsAre(PublishOutcome::retry, PublishOutcome::stored));
  const auto transfers = standin.counted("transfers");
  EXPECT_THAT(run(test.bus().check()).error().message, HasSubstr("too busy"));
  EXPECT_EQ(run(test.bus().publish(Topic::events, {envelope(3)})).error().code, Errc::unavailable);
  EXPECT_EQ(standin.counted("transfers"), transfers);
  EXPECT_TRUE(wait_until([&] { return try_publish(test.bus(), envelopes(1, 2)); }));
  EXPECT_EQ(consume(*open_group(test.bus(), "g"), {1, 2}).size(), 2U);
}

TEST(ServiceBusFaults, AnAnswerThatTakesTooLongIsARetry) {
  ServiceBusStandin standin({.lock_ms = 30'000});
  ServiceBusBus test({.publish_timeout = milliseconds(300)}, standin);
  standin.order(R"({"kind": "slow", "ms": 1000})");
  EXPECT_EQ(run(test.bus().publish(Topic::events, {envelope(1)}))->at(0), PublishOutcome::retry);
  standin.order(R"({"kind": "calm"})");
  EXPECT_TRUE(try_publish(test.bus(), {envelope(1)}));
}

TEST(ServiceBusFaults, AServiceThatHangsHoldsNobodyUpAndIsTakenBackWhenItWakes) {
  ServiceBusStandin standin({.lock_ms = 30'000});
  ServiceBusBus test(
      {.publish_timeout = milliseconds(500), .request_timeout = milliseconds(1000), .idle_timeout = milliseconds(2000)},
      standin);
  const auto consumer = open_group(test.bus(), "g");
  standin.pause();
  EXPECT_FALSE(try_publish(test.bus(), {envelope(1)}));
  EXPECT_FALSE(run(consumer->backlog()).has_value());
  EXPECT_TRUE(wait_until([&] { return !run(test.bus().check()).has_value(); }, kRecovery)) << "the idle time-out";
  standin.resume();
  EXPECT_TRUE(recovers(test));
  EXPECT_TRUE(wait_until([&] { return try_publish(test.bus(), {envelope(2)}); }, kRecovery));
  consume(*consumer, {2});  // and 1, if the service read it when it woke
}

TEST(ServiceBusFaults, ABusGoesAwayAtOnceWhileItsServiceDoesNotAnswer) {
  ServiceBusStandin standin({.lock_ms = 30'000});
  ServiceBusBus test({}, standin);
  auto consumer = open_group(test.bus(), "g");
  standin.pause();
  std::thread waiting([&] { EXPECT_TRUE(run(consumer->receive(10, std::chrono::hours(1)))->empty()); });
  consumer->close();
  waiting.join();
  consumer.reset();
  test.close();
  standin.resume();
}

TEST(ServiceBusFaults, WaitingForAServiceTakesNoProcessorTime) {
  ServiceBusStandin standin({.lock_ms = 30'000});
  ServiceBusBus test({}, standin);
  const auto consumer = open_group(test.bus(), "g");
  standin.kill();
  ASSERT_TRUE(wait_until([&] { return !run(test.bus().check()).has_value(); }));
  const auto before = cpu_seconds();
  EXPECT_EQ(run(consumer->receive(10, seconds(2))).error().code, Errc::unavailable);
  EXPECT_LT(cpu_seconds() - before, 0.5);
}

}  // namespace liveops::test
