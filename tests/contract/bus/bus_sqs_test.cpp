#include <ctime>
#include <set>
#include <thread>

#include "tests/contract/bus/bus_calls.hpp"
#include "tests/contract/bus/bus_contract.hpp"
#include "tests/contract/bus/bus_sqs_fixture.hpp"
#include "tests/support/io_thread.hpp"

namespace liveops::test {

namespace bus_sqs = adapters::bus_sqs;
using core::Errc;
using ports::PublishOutcome;
using ports::Topic;
using std::chrono::milliseconds;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

INSTANTIATE_TEST_SUITE_P(Sqs, BusContract,
                         testing::Values(BusAdapter{"standard", [] { return std::make_unique<SqsBus>(); }}),
                         testing::PrintToStringParamName());

namespace {

std::vector<PublishOutcome> outcomes_of(SqsBus& test, std::vector<core::Envelope> envelopes) {
  auto outcomes = run(test.bus().publish(Topic::events, std::move(envelopes)));
  EXPECT_TRUE(outcomes.has_value());
  return outcomes ? *std::move(outcomes) : std::vector<PublishOutcome>();
}

}  // namespace

TEST(SqsEventBus, ConcurrentPublishesShareRequests) {
  SqsBus test({.linger = milliseconds(200)});
  const auto consumer = open(test.bus(), "g");
  const auto before = test.server().calls("SendMessageBatch");
  boost::asio::io_context io(1);
  int stored = 0;
  for (std::uint32_t n = 0; n < 100; ++n) {
    boost::asio::co_spawn(io, test.bus().publish(Topic::events, {envelope(n)}),
                          [&](std::exception_ptr, const auto& outcomes) {
                            stored += outcomes && outcomes->front() == PublishOutcome::stored ? 1 : 0;
                          });
  }
  io.run();
  EXPECT_EQ(stored, 100);
  EXPECT_EQ(test.server().calls("SendMessageBatch") - before, 10);
  EXPECT_THAT(receive(*consumer, 100), SizeIs(100));
}

TEST(SqsEventBus, ABatchStaysBelowTheSizeLimit) {
  SqsBus test({.max_bytes = 10'000});
  const auto consumer = open(test.bus(), "g");
  std::vector<core::Envelope> large;
  for (std::uint32_t n = 0; n < 6; ++n) large.push_back(envelope(n, 4000));
  const auto before = test.server().calls("SendMessageBatch");
  publish(test.bus(), large);
  EXPECT_EQ(test.server().calls("SendMessageBatch") - before, 3);
  EXPECT_THAT(receive(*consumer), SizeIs(6));
}

TEST(SqsEventBus, OnlyTheEntriesThatFailedAreSentAgain) {
  SqsBus test;
  const auto consumer = open(test.bus(), "g");
  test.order(R"({"operation":"SendMessageBatch","queue":")" + test.queue("g") +
             R"(","what":"fail_entries","entries":[1,3]})");
  publish(test.bus(), envelopes(0, 5));
  EXPECT_THAT(numbers_of(receive(*consumer)), UnorderedElementsAre(0, 1, 2, 3, 4));
}

TEST(SqsEventBus, WhatOneQueueDidNotTakeIsSentAgainToThatQueueAlone) {
  SqsBus test;
  const auto up = open(test.bus(), "up");
  const auto down = open(test.bus(), "down");
  test.order(R"({"operation":"SendMessageBatch","queue":")" + test.queue("down") +
             R"(","what":"error","status":503,"times":4})");
  publish(test.bus(), envelopes(0, 3));
  EXPECT_THAT(numbers_of(receive(*up)), UnorderedElementsAre(0, 1, 2));
  EXPECT_THAT(numbers_of(receive(*down)), UnorderedElementsAre(0, 1, 2));
}

TEST(SqsEventBus, AQueueThatStaysDownMeansRetry) {
  SqsBus test({.publish_timeout = milliseconds(500)});
  const auto up = open(test.bus(), "up");
  const auto down = open(test.bus(), "down");
  test.order(R"({"operation":"SendMessageBatch","queue":")" + test.queue("down") +
             R"(","what":"error","status":500,"times":100000})");
  EXPECT_THAT(outcomes_of(test, envelopes(0, 3)), Each(PublishOutcome::retry));
  test.order(R"({"times":0})");
  publish(test.bus(), envelopes(0, 3));
  EXPECT_THAT(receive(*down), SizeIs(3));
}

TEST(SqsEventBus, AnEntryThatIsTheSendersFaultIsRefused) {
  SqsBus test;
  const auto consumer = open(test.bus(), "g");
  test.order(R"({"operation":"SendMessageBatch","queue":")" + test.queue("g") +
             R"(","what":"fail_entries","entries":[0],"senderFault":true,"code":"InvalidMessageContents"})");
  EXPECT_THAT(outcomes_of(test, envelopes(0, 2)), ElementsAre(PublishOutcome::refused, PublishOutcome::stored));
}

TEST(SqsEventBus, ThrottlingIsWaitedOut) {
  SqsBus test;
  const auto consumer = open(test.bus(), "g");
  test.order(R"({"operation":"SendMessageBatch","what":"throttle","retryAfterMs":50,"times":2})");
  publish(test.bus(), {envelope(1)});
  EXPECT_THAT(receive(*consumer), SizeIs(1));
}

TEST(SqsEventBus, AnAnswerThatIsLostMeansADuplicateNotALoss) {
  SqsBus test;
  const auto consumer = open(test.bus(), "g");
  test.order(R"({"operation":"SendMessageBatch","what":"drop"})");
  publish(test.bus(), {envelope(1)});
  EXPECT_THAT(numbers_of(receive(*consumer)), ElementsAre(1, 1));
}

TEST(SqsEventBus, AnswersOfAProxyAreErrorsLikeOthers) {
  SqsBus test;
  const auto consumer = open(test.bus(), "g");
  test.order(R"({"operation":"SendMessageBatch","what":"html","status":502})");
  publish(test.bus(), {envelope(1)});
  test.order(R"({"operation":"ReceiveMessage","what":"html","status":502,"times":3})");
  EXPECT_EQ(run(consumer->receive(10, milliseconds(0))).error().code, Errc::unavailable);
  EXPECT_THAT(receive(*consumer), SizeIs(1));
}

TEST(SqsEventBus, AcksThatTheServiceFailedAreTriedAgain) {
  SqsBus test;
  const auto consumer = open(test.bus(), "g");
  publish(test.bus(), envelopes(0, 15));
  const auto held = receive(*consumer);
  test.order(R"({"operation":"DeleteMessageBatch","what":"fail_entries","entries":[0,1,2]})");
  ASSERT_TRUE(run(consumer->ack(tags_of(held))).has_value());
  EXPECT_EQ(run(consumer->backlog())->messages, 0U);
}

TEST(SqsEventBus, BodiesThatSqsDoesNotTakeTravelAsBase64) {
  SqsBus test;
  const auto consumer = open(test.bus(), "g");
  auto binary = envelope(1);
  binary.body = std::string("\0\x01\xff{}", 5);
  auto empty = envelope(2);
  empty.body.clear();
  publish(test.bus(), {binary, empty});
  std::vector<core::Envelope> received;
  for (auto& delivery : receive(*consumer)) received.push_back(delivery.envelope);
  EXPECT_THAT(received, UnorderedElementsAre(binary, empty));
}

TEST(SqsEventBus, WhatSqsMovedToTheDeadLettersIsListedAndRedriven) {
  SqsBus test({.max_receive_count = 2});
  const auto consumer = open(test.bus(), "g");
  publish(test.bus(), {envelope(1)});
  for (int attempt = 0; attempt < 2; ++attempt) {
    ASSERT_TRUE(run(consumer->nack(tags_of(receive(*consumer)), milliseconds(0))).has_value());
  }
  EXPECT_THAT(receive(*consumer), IsEmpty());
  const auto letters = *run(test.bus().list(10, ""));
  ASSERT_THAT(letters, SizeIs(1));
  EXPECT_THAT(letters[0].reason, HasSubstr("too often"));
  EXPECT_EQ(letters[0].envelope, envelope(1));
  ASSERT_TRUE(run(test.bus().redrive(letters[0].id)).has_value());
  EXPECT_THAT(numbers_of(receive(*consumer)), ElementsAre(1));
}

TEST(SqsEventBus, ALookAtTheDeadLettersEndsWhileNewOnesCome) {
  SqsBus test;
  test.options().letter_wait = std::chrono::seconds(1);
  test.options().max_letters = 1'000'000;
  test.reopen();
  const auto consumer = open(test.bus(), "g");
  publish(test.bus(), {envelope(1)});
  const auto deliveries = receive(*consumer);
  ASSERT_THAT(deliveries, SizeIs(1));
  ASSERT_TRUE(run(consumer->dead_letter(deliveries[0], "poison")).has_value());
  std::jthread dying([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) static_cast<void>(run(consumer->dead_letter(deliveries[0], "poison")));
  });
  EXPECT_GE(run(test.bus().list(1'000'000, ""))->size(), 1U);
}

TEST(SqsEventBus, AHeldBatchIsExtendedUntilItsTimeIsOver) {
  SqsBus test({.visibility = milliseconds(1000), .hold = milliseconds(60'000)});
  const auto consumer = open(test.bus(), "g");
  publish(test.bus(), {envelope(1)});
  const auto before = test.server().calls("ChangeMessageVisibilityBatch");
  ASSERT_THAT(receive(*consumer), SizeIs(1));
  // Only two extensions in a row show that it would have become visible in between.
  EXPECT_TRUE(wait_until([&] { return test.server().calls("ChangeMessageVisibilityBatch") >= before + 3; }));
  EXPECT_THAT(receive(*consumer), IsEmpty());
}

TEST(SqsEventBus, CloseEndsALongPollAtOnce) {
  SqsBus test;
  const auto consumer = open(test.bus(), "g");
  const auto polls = test.server().calls("ReceiveMessage");
  IoThread io;
  auto receiving = io.start(consumer->receive(10, std::chrono::hours(1)));
  ASSERT_TRUE(wait_until([&] { return test.server().calls("ReceiveMessage") > polls; }));
  consumer->close();
  ASSERT_EQ(receiving.wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_THAT(*receiving.get(), IsEmpty());
}

TEST(SqsEventBus, WaitingTakesNoProcessorTimeHoweverShortTheVisibility) {
  SqsBus test({.visibility = std::chrono::seconds(1), .hold = std::chrono::minutes(1)});
  const auto consumer = open(test.bus(), "g");
  const auto before = std::clock();
  EXPECT_THAT(*run(consumer->receive(10, std::chrono::seconds(2))), IsEmpty());
  EXPECT_LT(static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC, 0.5);
}

TEST(SqsEventBus, FifoQueuesKeepOrderWithinAPlayerAndKnowAnEventAgain) {
  SqsBus test({.fifo = true});
  const auto consumer = open(test.bus(), "g");
  std::vector<core::Envelope> sent;
  for (std::uint32_t n = 0; n < 40; ++n) {
    sent.push_back(envelope(n));
    sent.back().key = "p-" + std::to_string(n % 3);
  }
  publish(test.bus(), sent);
  publish(test.bus(), {sent[0], sent[7]});
  std::map<std::string, std::vector<std::uint32_t>> order;
  std::size_t count = 0;
  while (true) {
    const auto batch = receive(*consumer);
    if (batch.empty()) break;
    for (const auto& delivery : batch) order[delivery.envelope.key].push_back(number_of(delivery.envelope));
    count += batch.size();
    ASSERT_TRUE(run(consumer->ack(tags_of(batch))).has_value());
  }
  EXPECT_EQ(count, 40U);
  for (const auto& [player, numbers] : order) EXPECT_TRUE(std::ranges::is_sorted(numbers)) << player;
}

TEST(SqsEventBus, DeadLettersOfFifoQueuesAreListedAndRedriven) {
  SqsBus test({.fifo = true});
  const auto consumer = open(test.bus(), "g");
  publish(test.bus(), {envelope(1), envelope(8)});  // of one player
  for (auto& delivery : receive(*consumer)) ASSERT_TRUE(run(consumer->dead_letter(delivery, "poison")).has_value());
  const auto letters = *run(test.bus().list(10, ""));
  ASSERT_THAT(letters, SizeIs(2));
  ASSERT_TRUE(run(test.bus().redrive(letters[0].id)).has_value());
  EXPECT_THAT(numbers_of(receive(*consumer)), ElementsAre(number_of(letters[0].envelope)));
}

TEST(SqsEventBus, WithATopicAnEventIsPublishedOnceForAllGroups) {
  SqsBus plain;
  const auto first = open(plain.bus(), "first");
  const auto second = open(plain.bus(), "second");
  const std::string arn = "arn:aws:sns:us-east-1:000000000000:" + plain.options().prefix;
  static_cast<void>(plain.server().admin("topic", R"({"arn":")" + arn + R"(","queues":[")" + plain.queue("first") +
                                                      R"(",")" + plain.queue("second") + R"("]})"));
  plain.options().events_topic_arn = arn;
  const auto publisher = plain.open_another(plain.server().environment());
  const auto sends = plain.server().calls("SendMessageBatch");
  plain.order(R"({"operation":"PublishBatch","what":"throttle"})");
  plain.order(R"({"operation":"PublishBatch","what":"fail_entries","entries":[1]})");
  publish(*publisher, envelopes(0, 4));
  EXPECT_EQ(plain.server().calls("SendMessageBatch"), sends);
  for (const auto& consumer : {first.get(), second.get()}) {
    std::vector<core::Envelope> received;
    for (auto& delivery : receive(*consumer)) received.push_back(delivery.envelope);
    EXPECT_THAT(received, UnorderedElementsAre(envelope(0), envelope(1), envelope(2), envelope(3)));
  }
}

TEST(SqsEventBus, ATopicWithoutQueuesTakesNothing) {
  SqsBus test;
  EXPECT_EQ(run(test.bus().publish(Topic::verdicts, {envelope(1)})).error().code, Errc::unavailable);
}

TEST(SqsEventBus, MissingQueuesAndBadNamesAreRefusedWithWhatToDo) {
  SqsBus test;
  test.options().create_missing = false;
  const auto bus = test.open_another(test.server().environment());
  const auto missing = run(bus->open_consumer(Topic::events, "nobody"));
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, Errc::invalid_argument);
  EXPECT_THAT(missing.error().message, HasSubstr("liveops queues create"));
  EXPECT_EQ(run(bus->open_consumer(Topic::events, "no spaces")).error().code, Errc::invalid_argument);
}

}  // namespace liveops::test
