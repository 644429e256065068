// Publishing and consuming at once through faults of SQS: whatever goes wrong, the books balance.
#include "adapters/bus_sqs/sqs_api.hpp"
#include "tests/contract/bus/bus_calls.hpp"
#include "tests/contract/bus/bus_sqs_fixture.hpp"
#include "tests/contract/bus/bus_traffic.hpp"
#include "tests/support/io_thread.hpp"

namespace liveops::test {

using core::Errc;
using ports::PublishOutcome;
using ports::Topic;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Each;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

namespace {

constexpr std::size_t kSome = 50;  // events between two faults

/// The variables of a process whose credentials are those of its machine.
std::map<std::string, std::string> on_an_instance(const SqsStandIn& server) {
  auto variables = server.environment();
  variables.erase("AWS_ACCESS_KEY_ID");
  variables.erase("AWS_SECRET_ACCESS_KEY");
  variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = server.url() + "/";
  return variables;
}

/// Everything that was stored has come to everybody, and nothing else.
void expect_balance(Traffic& traffic) {
  const auto books = traffic.finish();
  EXPECT_FALSE(books.stored.empty());
  EXPECT_THAT(books.received, Each(books.stored));
}

/// Asks until something comes, while the visibility of what others took runs out.
std::vector<ports::Delivery> receive_again(SqsBus& test, ports::EventConsumer& consumer) {
  std::vector<ports::Delivery> batch;
  EXPECT_TRUE(wait_until([&] {
    test.advance(kVisibility);
    batch = receive(consumer);
    return !batch.empty();
  }));
  return batch;
}

}  // namespace

TEST(SqsFlow, TheBooksBalanceWhenTheServiceThrottlesAndThenFailsForFiveSeconds) {
  SqsStandIn server;
  SqsBus test({.visibility = seconds(1), .publish_timeout = milliseconds(1000)}, server);
  const auto consumer = open(test.bus(), "g");
  const auto other = open(test.bus(), "other");
  Traffic traffic(test.bus(), {consumer.get(), other.get()});
  ASSERT_TRUE(traffic.flows(kSome));
  test.order(R"({"what":"throttle","retryAfterMs":100,"lastsMs":2500})");
  test.order(R"({"what":"error","status":500,"lastsMs":5000})");
  ASSERT_TRUE(traffic.flows(kSome));
  const auto books = traffic.finish();
  EXPECT_GT(books.failed_publishes, 0U);
  EXPECT_THAT(books.received, Each(books.stored));
}

TEST(SqsFlow, OneQueueOfThreeThatIsDownHoldsEventsUpAndLosesNone) {
  SqsStandIn server;
  SqsBus test({.visibility = seconds(1), .publish_timeout = milliseconds(500)}, server);
  const auto one = open(test.bus(), "one");
  const auto two = open(test.bus(), "two");
  const auto three = open(test.bus(), "three");
  Traffic traffic(test.bus(), {one.get(), two.get(), three.get()});
  ASSERT_TRUE(traffic.flows(kSome));
  test.order(R"({"queue":")" + test.queue("two") + R"(","what":"error","status":500,"times":1000000})");
  const auto outcomes = run(test.bus().publish(Topic::events, {envelope(1)}));
  ASSERT_TRUE(outcomes.has_value());
  EXPECT_THAT(*outcomes, Each(PublishOutcome::retry));
  test.order(R"({"times":0})");
  ASSERT_TRUE(traffic.flows(kSome));
  expect_balance(traffic);
}

TEST(SqsFlow, TheBooksBalanceWhenTheServiceIsKilledAndWhenItIsFrozen) {
  SqsStandIn server(true);
  SqsBus test({.visibility = seconds(1), .publish_timeout = milliseconds(1000), .request_timeout = milliseconds(1000)},
              server);
  const auto consumer = open(test.bus(), "g");
  Traffic traffic(test.bus(), {consumer.get()});
  for (int kill = 0; kill < 3; ++kill) {
    ASSERT_TRUE(traffic.flows(kSome));
    server.kill();
    server.start();
  }
  ASSERT_TRUE(traffic.flows(kSome));
  server.pause();
  EXPECT_TRUE(wait_until([&] { return !run(test.bus().check()).has_value(); }));
  server.resume();
  ASSERT_TRUE(traffic.flows(kSome));
  expect_balance(traffic);
}

TEST(SqsFlow, CredentialsAreRenewedInMidFlowUnnoticed) {
  SqsStandIn server;
  static_cast<void>(server.admin("identity", R"({"ttlSeconds":1200})"));
  SqsBus test({}, server);
  const auto bus = test.open_another(on_an_instance(server));
  const auto consumer = open(*bus, "g");
  Traffic traffic(*bus, {consumer.get()});
  for (int renewal = 0; renewal < 4; ++renewal) {
    ASSERT_TRUE(traffic.flows(kSome));
    test.advance(std::chrono::minutes(8));  // the third time the first ones have ended
  }
  ASSERT_TRUE(traffic.flows(kSome));
  const auto books = traffic.finish();
  EXPECT_EQ(books.failed_publishes, 0U);
  EXPECT_EQ(books.failed_receives, 0U);
  EXPECT_THAT(books.received, Each(books.stored));
}

TEST(SqsFlow, CredentialsThatAreTakenBackInMidFlowAreFetchedAnew) {
  SqsStandIn server;
  SqsBus test({.visibility = seconds(1)}, server);
  const auto bus = test.open_another(on_an_instance(server));
  const auto consumer = open(*bus, "g");
  Traffic traffic(*bus, {consumer.get()});
  ASSERT_TRUE(traffic.flows(kSome));
  static_cast<void>(server.admin("keys", R"({"AKIDEXAMPLE":{"secret":"example-secret"}})"));
  ASSERT_TRUE(traffic.flows(kSome));
  expect_balance(traffic);
}

TEST(SqsFlow, AKeyThatExpiresOrIsTakenBackIsSaidAndOneThatIsPutBackTaken) {
  SqsStandIn server;
  SqsBus test({.visibility = seconds(1), .publish_timeout = milliseconds(500)}, server);
  const auto consumer = open(test.bus(), "g");
  Traffic traffic(test.bus(), {consumer.get()});
  for (const auto* const keys : {R"({"AKIDEXAMPLE":{"secret":"example-secret","expired":true}})",
                                 R"({"AKIDEXAMPLE":{"secret":"another"}})", R"({"SOMEBODY":{"secret":"x"}})"}) {
    ASSERT_TRUE(traffic.flows(kSome));
    static_cast<void>(server.admin("keys", keys));
    EXPECT_TRUE(wait_until([&] { return !run(test.bus().check()).has_value(); })) << keys;
    static_cast<void>(server.admin("keys", R"({"AKIDEXAMPLE":{"secret":"example-secret"}})"));
  }
  ASSERT_TRUE(traffic.flows(kSome));
  expect_balance(traffic);
}

TEST(SqsFlow, AVisibilityThatEndsWhileItsBatchIsWorkedOnMeansARedelivery) {
  SqsBus test;
  const auto slow = open(test.bus(), "g");
  const auto other = open(test.bus(), "g");
  publish(test.bus(), envelopes(1, 3));
  const auto held = receive(*slow);
  ASSERT_THAT(held, SizeIs(3));
  const auto again = receive_again(test, *other);
  EXPECT_THAT(numbers_of(again), UnorderedElementsAre(1, 2, 3));
  for (const auto& delivery : again) EXPECT_EQ(delivery.attempt, 2U);
  EXPECT_TRUE(run(slow->ack(tags_of(held))).has_value()) << "what is not in its hand any more is ignored";
  EXPECT_EQ(run(other->backlog())->messages, 3U) << "a late ack takes nothing from another's hand";
  EXPECT_TRUE(run(other->ack(tags_of(again))).has_value());
  EXPECT_EQ(run(other->backlog())->messages, 0U);
}

TEST(SqsFlow, AReceiveThatIsNotAnsweredInTimeFailsAndWhatItTookComesAgain) {
  SqsBus test({.request_timeout = milliseconds(300)});
  const auto consumer = open(test.bus(), "g");
  publish(test.bus(), envelopes(1, 3));
  test.order(R"({"operation":"ReceiveMessage","what":"hang","forMs":1000,"times":3})");
  const auto unanswered = run(consumer->receive(10, milliseconds(0)));
  ASSERT_FALSE(unanswered.has_value());
  EXPECT_EQ(unanswered.error().code, Errc::unavailable);
  std::set<std::uint32_t> came;
  while (came.size() < 3) {
    const auto batch = receive_again(test, *consumer);
    ASSERT_THAT(batch, testing::Not(IsEmpty()));
    for (const auto number : numbers_of(batch)) came.insert(number);
    EXPECT_TRUE(run(consumer->ack(tags_of(batch))).has_value());
  }
  EXPECT_EQ(run(consumer->backlog())->messages, 0U);
}

TEST(SqsFlow, WhatTheQueueSaysIsTooLargeIsRefusedAndTheRestStored) {
  SqsBus test;
  const auto consumer = open(test.bus(), "g");
  const QueueClock clock(test.server());
  SilentLog log;
  const auto client =
      *adapters::aws::Client::open(adapters::aws::fixed_environment(test.server().environment()), clock, log);
  adapters::bus_sqs::SqsApi api(*client);
  const auto url = run(api.ask("GetQueueUrl", boost::json::object{{"QueueName", test.queue("g")}}, {}));
  ASSERT_TRUE(url.has_value());
  const boost::json::object smaller{{"QueueUrl", url->at("QueueUrl")},
                                    {"Attributes", {{"MaximumMessageSize", "1024"}}}};
  ASSERT_TRUE(run(api.ask("SetQueueAttributes", smaller, {})).has_value());
  const auto outcomes = run(test.bus().publish(Topic::events, {envelope(1), envelope(2, 2000), envelope(3)}));
  ASSERT_TRUE(outcomes.has_value());
  EXPECT_EQ(*outcomes, (std::vector{PublishOutcome::stored, PublishOutcome::refused, PublishOutcome::stored}));
  EXPECT_THAT(numbers_of(receive(*consumer)), UnorderedElementsAre(1, 3));
}

TEST(SqsFlow, AShutdownDuringALongPollAndAPublishTakesLessThanTwoSeconds) {
  SqsStandIn server;
  SqsBus test({}, server);
  auto consumer = open(test.bus(), "g");
  test.order(R"({"operation":"SendMessageBatch","what":"hang","times":1000000})");
  const auto polls = server.calls("ReceiveMessage");
  IoThread io;
  auto publishing = io.start(test.bus().publish(Topic::events, {envelope(1)}));
  auto receiving = io.start(consumer->receive(10, std::chrono::hours(1)));
  ASSERT_TRUE(
      wait_until([&] { return server.calls("ReceiveMessage") > polls && server.calls("SendMessageBatch") > 0; }));
  const auto before = std::chrono::steady_clock::now();
  consumer->close();
  EXPECT_THAT(*receiving.get(), IsEmpty());
  consumer.reset();
  test.close();
  EXPECT_LT(std::chrono::steady_clock::now() - before, seconds(2));
  EXPECT_THAT(*publishing.get(), Each(PublishOutcome::retry));
}

}  // namespace liveops::test
