#include "tests/contract/bus/bus_contract.hpp"
#include "tests/contract/bus/bus_servicebus_own.hpp"

namespace liveops::test {

namespace bus_servicebus = adapters::bus_servicebus;
using core::Errc;
using ports::PublishOutcome;
using ports::Topic;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

INSTANTIATE_TEST_SUITE_P(ServiceBus, BusContract,
                         testing::Values(BusAdapter{"standin", [] { return std::make_unique<ServiceBusBus>(); }}),
                         testing::PrintToStringParamName());

TEST(ServiceBusEventBus, WhatIsPublishedTwiceIsStoredOnce) {
  ServiceBusBus test;
  const auto consumer = open_group(test.bus(), "g");
  ASSERT_TRUE(try_publish(test.bus(), {envelope(1), envelope(2)}));
  ASSERT_TRUE(try_publish(test.bus(), {envelope(1), envelope(2)}));
  EXPECT_THAT(numbers_of(receive_now(*consumer)), UnorderedElementsAre(1, 2));
}

TEST(ServiceBusEventBus, AGroupWithASubscriptionMissesNothingThatWasPublishedBeforeItCame) {
  ServiceBusBus test;
  ASSERT_TRUE(try_publish(test.bus(), envelopes(1, 3)));
  test.reopen();
  EXPECT_THAT(receive_now(*open_group(test.bus(), "g")), SizeIs(3));
}

TEST(ServiceBusEventBus, ALockThatIsShorterThanTheVisibilityIsRenewedUntilThen) {
  ServiceBusStandin standin({.lock_ms = 2000});
  ServiceBusBus test({}, standin);
  const auto consumer = open_group(test.bus(), "g");
  const auto other = open_group(test.bus(), "g");
  ASSERT_TRUE(try_publish(test.bus(), {envelope(1)}));
  ASSERT_THAT(receive_now(*consumer), SizeIs(1));
  EXPECT_THAT(receive_within(*other, test.options().visibility / 2), IsEmpty());
  EXPECT_EQ(standin.counted("locksExpired"), 0);
  const auto again = receive_within(*other, seconds(10));
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_EQ(again[0].attempt, 2U);
  EXPECT_EQ(standin.counted("locksExpired"), 0) << "it was given back, not forgotten";
}

TEST(ServiceBusEventBus, WhatAProcessHeldWhenItDiedComesAgainWhenItsLockEnds) {
  ServiceBusBus test;
  const auto another = test.open_another();
  auto frozen = run(another->open_consumer(Topic::events, "g"));
  ASSERT_TRUE(frozen.has_value());
  ASSERT_TRUE(try_publish(test.bus(), {envelope(1)}));
  ASSERT_THAT(receive_now(**frozen), SizeIs(1));
  shared_servicebus().order(R"({"kind": "drop"})");  // its connection goes, and its lock stays
  const auto awake = open_group(test.bus(), "g");
  const auto taken_over = receive_within(*awake, seconds(10));
  ASSERT_THAT(taken_over, SizeIs(1));
  EXPECT_EQ(taken_over[0].attempt, 2U);
  EXPECT_TRUE(run(awake->ack(tags_of(taken_over))).has_value());
}

TEST(ServiceBusEventBus, GroupsMayHaveQueues) {
  ServiceBusStandin standin({.lock_ms = 30'000, .queues = {"q-one", "q-two"}});
  ServiceBusBus test({.groups = {{Topic::events, "one", "q-one"}, {Topic::events, "two", "q-two"}}}, standin);
  const auto one = open_group(test.bus(), "one");
  const auto two = open_group(test.bus(), "two");
  ASSERT_TRUE(try_publish(test.bus(), envelopes(1, 3)));
  const auto ones = receive_now(*one);
  EXPECT_THAT(numbers_of(ones), UnorderedElementsAre(1, 2, 3));
  ASSERT_TRUE(run(one->ack(tags_of(ones))).has_value());
  const auto held = receive_now(*two);
  EXPECT_THAT(numbers_of(held), UnorderedElementsAre(1, 2, 3));
  ASSERT_TRUE(run(two->dead_letter(held.at(0), "poison")).has_value());
  const auto letters = *run(test.dead_letters().list(10, ""));
  ASSERT_THAT(letters, SizeIs(1));
  ASSERT_TRUE(run(test.dead_letters().redrive(letters[0].id)).has_value());
  EXPECT_THAT(numbers_of(receive_now(*two)), UnorderedElementsAre(number_of(held[0].envelope)));
  EXPECT_THAT(receive_now(*one), IsEmpty());
}

TEST(ServiceBusEventBus, NoMoreIsHandedOutThanMayBeInFlightAndNobodyHangsThere) {
  ServiceBusBus test({.max_in_flight = 3});
  const auto consumer = open_group(test.bus(), "g");
  ASSERT_TRUE(try_publish(test.bus(), envelopes(1, 5)));
  const auto held = receive_now(*consumer);
  EXPECT_THAT(held, SizeIs(3));
  ASSERT_TRUE(run(consumer->ack(tags_of(held))).has_value());
  EXPECT_THAT(receive_within(*consumer, seconds(10)), SizeIs(2));
}

TEST(ServiceBusEventBus, NothingIsLockedThatNobodyAskedFor) {
  ServiceBusBus test;
  const auto subscription = test.options().events_topic + "/Subscriptions/g";
  const auto consumer = open_group(test.bus(), "g");
  for (int round = 0; round < 20; ++round) EXPECT_THAT(receive_within(*consumer, milliseconds(1)), IsEmpty());
  ASSERT_TRUE(try_publish(test.bus(), envelopes(1, 10)));
  EXPECT_EQ(shared_servicebus().locked(subscription), 0) << "no credit was left when a receive ended";
  const auto held = receive_within(*consumer, seconds(10), 3);
  EXPECT_THAT(held, SizeIs(3));
  EXPECT_EQ(shared_servicebus().locked(subscription), 3);
}

TEST(ServiceBusEventBus, NoMoreThanAllowedIsUnansweredAtOnce) {
  ServiceBusBus test({.max_unanswered = 2});
  const auto outcomes = run(test.bus().publish(Topic::events, envelopes(1, 4)));
  ASSERT_TRUE(outcomes.has_value());
  EXPECT_EQ(*outcomes, (std::vector{PublishOutcome::stored, PublishOutcome::stored, PublishOutcome::retry,
                                    PublishOutcome::retry}));
}

TEST(ServiceBusEventBus, WhatTheServiceSaysIsTooLargeIsRefused) {
  ServiceBusBus test({.max_body_bytes = 1U << 20U});
  const auto outcomes = run(test.bus().publish(Topic::events, {envelope(1, 400'000), envelope(2)}));
  ASSERT_TRUE(outcomes.has_value());
  EXPECT_EQ(*outcomes, (std::vector{PublishOutcome::refused, PublishOutcome::stored}));
}

TEST(ServiceBusEventBus, WhatWasDeliveredTooOftenIsAmongTheDeadLetters) {
  ServiceBusStandin standin({.lock_ms = 30'000, .max_delivery = 2});
  ServiceBusBus test({}, standin);
  const auto consumer = open_group(test.bus(), "g");
  ASSERT_TRUE(try_publish(test.bus(), {envelope(1)}));
  for (int attempt = 0; attempt < 2; ++attempt) {
    ASSERT_TRUE(run(consumer->nack(tags_of(receive_now(*consumer)), milliseconds(0))).has_value());
  }
  EXPECT_THAT(receive_now(*consumer), IsEmpty());
  const auto letters = *run(test.dead_letters().list(10, ""));
  ASSERT_THAT(letters, SizeIs(1));
  EXPECT_EQ(letters[0].reason, "MaxDeliveryCountExceeded");
  EXPECT_EQ(letters[0].attempts, 2U);
}

TEST(ServiceBusEventBus, AnotherProcessMayListAndRedriveALetterFromAmongOthers) {
  ServiceBusBus test({.groups = {{Topic::events, "g", ""}}});
  const auto consumer = open_group(test.bus(), "g");
  ASSERT_TRUE(try_publish(test.bus(), envelopes(1, 150)));
  for (auto& delivery : receive_now(*consumer, 150)) {
    ASSERT_TRUE(run(consumer->dead_letter(std::move(delivery), "poison")).has_value());
  }
  const auto command_line = test.open_another();
  const auto letters = *run(command_line->list(200, ""));
  ASSERT_THAT(letters, SizeIs(150));
  ASSERT_TRUE(run(command_line->redrive(letters[120].id)).has_value());
  EXPECT_EQ(run(command_line->redrive(letters[120].id)).error().code, Errc::not_found);
  EXPECT_THAT(*run(command_line->list(200, "")), SizeIs(149));
  EXPECT_THAT(numbers_of(receive_now(*consumer)), UnorderedElementsAre(number_of(letters[120].envelope)));
  for (std::size_t i = 0; i < 10; ++i) {
    ASSERT_TRUE(run(command_line->redrive(letters[i].id)).has_value()) << i << ": the others were let go of";
  }
}

TEST(ServiceBusEventBus, WhatIsMissingOrWrongIsSaid) {
  ServiceBusBus test;
  const auto missing = run(test.bus().open_consumer(Topic::events, "nobody"));
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, Errc::unavailable);
  EXPECT_THAT(missing.error().message, HasSubstr("Subscriptions/nobody' does not exist: make it"));
  EXPECT_EQ(run(test.bus().open_consumer(Topic::events, "a/b")).error().code, Errc::invalid_argument);

  const core::SystemClock clock;
  SilentLog log;
  const auto open = [&](bus_servicebus::Options options) {
    return bus_servicebus::EventBus::open(std::move(options), clock, log);
  };
  const auto refused = open({.connection_string = shared_servicebus().connection_string("not the key")});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Errc::unauthenticated);
  EXPECT_THAT(refused.error().message, Not(HasSubstr("not the key")));
  EXPECT_EQ(open({.connection_string = "nonsense"}).error().code, Errc::invalid_argument);
  EXPECT_EQ(
      open({.connection_string = shared_servicebus().connection_string(), .ca_file = "/no/such/file"}).error().code,
      Errc::invalid_argument);
}

TEST(ServiceBusEventBus, ALinkThatIsRefusedDoesNotCountAsOpenUntilTheServiceSaysWhy) {
  ServiceBusStandin standin;
  ServiceBusBus test({}, standin);
  standin.order(R"({"kind": "refuse_late", "ms": 500})");
  const auto missing = run(test.bus().open_consumer(Topic::events, "nobody"));
  ASSERT_FALSE(missing.has_value());
  EXPECT_THAT(missing.error().message, HasSubstr("does not exist"));
}

TEST(ServiceBusEventBus, ATopicThatIsMissingFailsItsPublishesOnly) {
  ServiceBusBus test;
  test.options().verdicts_topic = "nowhere";
  test.reopen();
  const auto lost = run(test.bus().publish(Topic::verdicts, {envelope(1)}));
  EXPECT_FALSE(lost && lost->at(0) == PublishOutcome::stored);
  EXPECT_TRUE(wait_until([&] { return !run(test.bus().check()).has_value(); }));
  EXPECT_THAT(run(test.bus().check()).error().message, HasSubstr("'nowhere' does not exist"));
  EXPECT_TRUE(try_publish(test.bus(), {envelope(1)}));
  shared_servicebus().make_topic("nowhere", {"g"});
  EXPECT_TRUE(wait_until([&] { return run(test.bus().check()).has_value(); }));
}

}  // namespace liveops::test
