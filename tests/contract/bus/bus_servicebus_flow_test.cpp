// Publishing and consuming at once through faults of Service Bus: whatever goes wrong, the books balance.
#include "tests/contract/bus/bus_servicebus_own.hpp"
#include "tests/contract/bus/bus_traffic.hpp"
#include "tests/support/io_thread.hpp"

namespace liveops::test {

using core::Errc;
using ports::Topic;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Each;
using testing::HasSubstr;

namespace {

constexpr std::size_t kSome = 50;  // events between two faults

ServiceBusStandin::Options short_locks() {
  return {.lock_ms = 1500, .topics = {{"kept-events", {"g"}}, {"kept-verdicts", {"g"}}}};
}

adapters::bus_servicebus::Options kept_topics() {
  return {.events_topic = "kept-events", .verdicts_topic = "kept-verdicts"};
}

/// Everything that was stored has come to everybody, and nothing else.
void expect_balance(Traffic& traffic) {
  const auto books = traffic.finish();
  EXPECT_FALSE(books.stored.empty());
  EXPECT_THAT(books.received, Each(books.stored));
}

bool works(ServiceBusBus& test) {
  return run(test.bus().check()).has_value();
}

}  // namespace

TEST(ServiceBusFlow, TheBooksBalanceWhenTheServiceIsTooBusyAndThenFailsForFiveSeconds) {
  ServiceBusStandin standin(short_locks());
  ServiceBusBus test({.busy_pause = milliseconds(100)}, standin);
  const auto consumer = open_group(test.bus(), "g");
  Traffic traffic(test.bus(), {consumer.get()});
  ASSERT_TRUE(traffic.flows(kSome));
  standin.order(R"({"kind": "busy", "lastsMs": 2500})");
  standin.order(R"({"kind": "reject", "condition": "amqp:internal-error", "lastsMs": 5000})");
  ASSERT_TRUE(traffic.flows(kSome));
  const auto books = traffic.finish();
  EXPECT_GT(books.failed_publishes, 0U);
  EXPECT_THAT(books.received, Each(books.stored));
}

TEST(ServiceBusFlow, OneQueueOfThreeThatIsDownHoldsEventsUpAndLosesNone) {
  ServiceBusStandin standin({.lock_ms = 1500, .queues = {"q-one", "q-two", "q-three"}});
  ServiceBusBus test({.groups = {{Topic::events, "one", "q-one"},
                                 {Topic::events, "two", "q-two"},
                                 {Topic::events, "three", "q-three"}},
                      .publish_timeout = milliseconds(500)},
                     standin);
  const auto one = open_group(test.bus(), "one");
  const auto two = open_group(test.bus(), "two");
  const auto three = open_group(test.bus(), "three");
  Traffic traffic(test.bus(), {one.get(), two.get(), three.get()});
  ASSERT_TRUE(traffic.flows(kSome));
  standin.order(R"({"kind": "disable", "address": "q-two"})");
  ASSERT_TRUE(wait_until([&] { return !works(test); }));
  EXPECT_THAT(run(test.bus().check()).error().message, HasSubstr("'q-two' is disabled"));
  EXPECT_FALSE(try_publish(test.bus(), {envelope(1)}));
  standin.order(R"({"kind": "enable", "address": "q-two"})");
  ASSERT_TRUE(traffic.flows(kSome));
  expect_balance(traffic);
}

TEST(ServiceBusFlow, TheBooksBalanceWhenTheServiceIsKilledAgainAndAgain) {
  auto options = short_locks();
  options.has_journal = true;
  ServiceBusStandin standin(options);
  ServiceBusBus test(kept_topics(), standin);
  const auto consumer = open_group(test.bus(), "g");
  Traffic traffic(test.bus(), {consumer.get()});
  for (int kill = 0; kill < 3; ++kill) {
    ASSERT_TRUE(traffic.flows(kSome));
    standin.restart();
  }
  ASSERT_TRUE(traffic.flows(kSome));
  expect_balance(traffic);
}

TEST(ServiceBusFlow, TheBooksBalanceWhenTheServiceIsFrozenAndConnectionsAndLinksGo) {
  ServiceBusStandin standin(short_locks());
  ServiceBusBus test({.idle_timeout = seconds(4)}, standin);
  const auto consumer = open_group(test.bus(), "g");
  Traffic traffic(test.bus(), {consumer.get()});
  ASSERT_TRUE(traffic.flows(kSome));
  standin.pause();
  EXPECT_TRUE(wait_until([&] { return !works(test); })) << "the idle time-out";
  standin.resume();
  for (const auto* const fault : {R"({"kind": "drop"})", R"({"kind": "detach"})"}) {
    ASSERT_TRUE(traffic.flows(kSome));
    standin.order(fault);
  }
  ASSERT_TRUE(traffic.flows(kSome));
  expect_balance(traffic);
}

TEST(ServiceBusFlow, TheBooksBalanceWhenTheKeyIsTakenBackForAWhileAndTokensRunOut) {
  ServiceBusStandin standin(short_locks());
  ServiceBusBus test({.token_life = seconds(2)}, standin);
  const auto consumer = open_group(test.bus(), "g");
  Traffic traffic(test.bus(), {consumer.get()});
  ASSERT_TRUE(traffic.flows(kSome));
  standin.admin("PUT", "/keys", R"({"root": "a newer key"})");
  ASSERT_TRUE(wait_until([&] { return !works(test); }));
  standin.admin("PUT", "/keys", R"({"root": ")" + std::string(ServiceBusStandin::kKey) + R"("})");
  ASSERT_TRUE(traffic.flows(kSome));
  expect_balance(traffic);
}

TEST(ServiceBusFlow, ALockThatIsLostWhileItsBatchIsWorkedOnMeansARedelivery) {
  ServiceBusStandin standin;
  ServiceBusBus test({}, standin);
  const auto consumer = open_group(test.bus(), "g");
  ASSERT_TRUE(try_publish(test.bus(), envelopes(1, 3)));
  const auto held = receive_within(*consumer, seconds(10), 3);
  ASSERT_EQ(held.size(), 3U);
  standin.admin("POST", "/unlock");
  EXPECT_TRUE(run(consumer->extend(tags_of(held))).has_value()) << "what is lost is ignored";
  EXPECT_TRUE(run(consumer->ack(tags_of(held))).has_value());
  const auto again = receive_within(*consumer, seconds(10), 3);
  ASSERT_EQ(again.size(), 3U);
  for (const auto& delivery : again) EXPECT_EQ(delivery.attempt, 2U);
  EXPECT_TRUE(run(consumer->ack(tags_of(again))).has_value());
  EXPECT_EQ(run(consumer->backlog())->messages, 0U);
}

TEST(ServiceBusFlow, AReceiveTakesWhatAServiceHandsOutLate) {
  ServiceBusStandin standin;
  ServiceBusBus test({}, standin);
  const auto consumer = open_group(test.bus(), "g");
  ASSERT_TRUE(try_publish(test.bus(), envelopes(1, 3)));
  standin.order(R"({"kind": "stall", "ms": 2000})");
  const auto received = run(consumer->receive(10, milliseconds(0)));
  ASSERT_TRUE(received.has_value()) << received.error().message;
  EXPECT_EQ(received->size(), 3U);
}

TEST(ServiceBusFlow, AReceiveThatIsNotAnsweredInTimeFailsAndWhatItAskedForComesLater) {
  ServiceBusStandin standin;
  ServiceBusBus test({.request_timeout = milliseconds(500)}, standin);
  const auto consumer = open_group(test.bus(), "g");
  ASSERT_TRUE(try_publish(test.bus(), envelopes(1, 3)));
  standin.pause();
  const auto unanswered = run(consumer->receive(10, milliseconds(0)));
  ASSERT_FALSE(unanswered.has_value());
  EXPECT_EQ(unanswered.error().code, Errc::unavailable);
  standin.resume();
  const auto received = receive_within(*consumer, seconds(10), 3);
  EXPECT_EQ(received.size(), 3U);
  EXPECT_TRUE(run(consumer->ack(tags_of(received))).has_value());
}

TEST(ServiceBusFlow, AShutdownDuringALongPollAndAPublishTakesLessThanTwoSeconds) {
  ServiceBusStandin standin;
  ServiceBusBus test({}, standin);
  auto consumer = open_group(test.bus(), "g");
  standin.order(R"({"kind": "slow", "ms": 60000})");
  const auto flows = standin.counted("flows");
  IoThread io;
  auto publishing = io.start(test.bus().publish(Topic::events, {envelope(1)}));
  auto receiving = io.start(consumer->receive(10, std::chrono::hours(1)));
  ASSERT_TRUE(wait_until([&] { return standin.counted("transfers") == 1 && standin.counted("flows") > flows; }));
  const auto before = std::chrono::steady_clock::now();
  consumer->close();
  static_cast<void>(receiving.get());
  consumer.reset();
  test.close();
  EXPECT_LT(std::chrono::steady_clock::now() - before, seconds(2));
  EXPECT_NE(publishing.get().value_or(std::vector{ports::PublishOutcome::retry}).at(0), ports::PublishOutcome::stored);
}

}  // namespace liveops::test
