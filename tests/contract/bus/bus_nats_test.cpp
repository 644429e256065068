#include "tests/contract/bus/bus_contract.hpp"
#include "tests/contract/bus/bus_nats_own.hpp"

namespace liveops::test {

namespace bus_nats = adapters::bus_nats;
using core::Errc;
using ports::PublishOutcome;
using ports::Topic;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

INSTANTIATE_TEST_SUITE_P(Nats, BusContract,
                         testing::Values(BusAdapter{"server", [] { return std::make_unique<NatsBus>(); }}),
                         testing::PrintToStringParamName());

namespace {

std::vector<bus_nats::GroupOfTopic> groups_of_events(const std::vector<std::string>& names) {
  std::vector<bus_nats::GroupOfTopic> groups;
  for (const auto& name : names) groups.push_back({Topic::events, name});
  return groups;
}

/// Publishes 64 KiB at a time until the bus takes no more; gives the number of what was stored.
std::uint32_t fill_up(ports::EventBus& bus) {
  for (std::uint32_t n = 0; n < 10'000; ++n) {
    const auto outcomes = run(bus.publish(Topic::events, {envelope(n, 64U << 10U)}));
    EXPECT_TRUE(outcomes.has_value());
    if (!outcomes || outcomes->at(0) == PublishOutcome::retry) return n;
  }
  ADD_FAILURE() << "the bus never filled up";
  return 0;
}

}  // namespace

TEST(NatsEventBus, WhatIsPublishedTwiceIsStoredOnce) {
  NatsBus test;
  const auto consumer = open_group(test.bus(), "g");
  ASSERT_TRUE(try_publish(test.bus(), {envelope(1), envelope(2)}));
  ASSERT_TRUE(try_publish(test.bus(), {envelope(1), envelope(2)}));
  EXPECT_THAT(numbers_of(receive_now(*consumer)), UnorderedElementsAre(1, 2));
}

TEST(NatsEventBus, MessagesOutliveTheProcessThatPublishedThemAndTheOneThatHeldThem) {
  NatsBus test;
  {
    const auto consumer = open_group(test.bus(), "g");
    ASSERT_TRUE(try_publish(test.bus(), envelopes(1, 5)));
    const auto held = receive_now(*consumer, 3);
    ASSERT_TRUE(run(consumer->ack({held.at(0).tag})).has_value());
  }
  test.reopen();
  EXPECT_THAT(receive_now(*open_group(test.bus(), "g")), SizeIs(4));
}

TEST(NatsEventBus, AGroupThatIsNewSeesWhatIsStillHeld) {
  NatsBus test;
  ASSERT_TRUE(try_publish(test.bus(), envelopes(1, 3)));
  EXPECT_THAT(receive_now(*open_group(test.bus(), "late")), SizeIs(3));
}

TEST(NatsEventBus, MembersInTwoProcessesShareTheMessages) {
  NatsBus test;
  const auto another = test.open_another();
  const auto here = open_group(test.bus(), "g");
  const auto there = open_group(*another, "g");
  ASSERT_TRUE(try_publish(test.bus(), envelopes(1, 10)));
  auto numbers = numbers_of(receive_now(*here, 4));
  for (const auto n : numbers_of(receive_now(*there))) numbers.push_back(n);
  EXPECT_THAT(numbers, UnorderedElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
}

TEST(NatsEventBus, WhatAMemberForgotIsTakenOverAndItsLateAckDoesNoHarm) {
  NatsBus test;
  const auto another = test.open_another();
  const auto frozen = open_group(test.bus(), "g");
  const auto awake = open_group(*another, "g");
  ASSERT_TRUE(try_publish(test.bus(), {envelope(1)}));
  const auto held = receive_now(*frozen);
  ASSERT_THAT(held, SizeIs(1));
  const auto taken_over = receive_within(*awake, test.options().visibility * 3);
  ASSERT_THAT(taken_over, SizeIs(1));
  EXPECT_EQ(taken_over[0].attempt, 2U);
  EXPECT_TRUE(run(awake->ack(tags_of(taken_over))).has_value());
  EXPECT_TRUE(run(frozen->ack(tags_of(held))).has_value());
  EXPECT_TRUE(run(frozen->nack(tags_of(held), milliseconds(0))).has_value());
  EXPECT_THAT(receive_now(*awake), IsEmpty());
  EXPECT_EQ(run(awake->backlog())->messages, 0U);
}

TEST(NatsEventBus, AFullStreamIsToBeRetriedUntilTheGroupsHaveCaughtUp) {
  NatsBus test({.max_bytes = 2U << 20U, .groups = groups_of_events({"one", "two"})});
  const auto one = open_group(test.bus(), "one");
  const auto two = open_group(test.bus(), "two");
  const auto stored = fill_up(test.bus());
  EXPECT_GT(stored, 20U);
  const auto full = run(test.bus().check());
  ASSERT_FALSE(full.has_value());
  EXPECT_EQ(full.error().code, Errc::rate_limited);
  EXPECT_THAT(full.error().message, HasSubstr("full"));

  const auto all = receive_now(*one, stored);
  ASSERT_THAT(all, SizeIs(stored));
  ASSERT_TRUE(run(one->ack(tags_of(all))).has_value());
  ASSERT_TRUE(run(test.bus().tidy()).has_value());
  EXPECT_FALSE(try_publish(test.bus(), {envelope(stored, 64U << 10U)})) << "the other group still needs all";

  ASSERT_TRUE(run(two->ack(tags_of(receive_now(*two, stored)))).has_value());
  ASSERT_TRUE(run(test.bus().tidy()).has_value());
  EXPECT_TRUE(try_publish(test.bus(), {envelope(stored, 64U << 10U)}));
  EXPECT_TRUE(run(test.bus().check()).has_value());
  EXPECT_THAT(numbers_of(receive_now(*two)), UnorderedElementsAre(stored));
}

TEST(NatsEventBus, WhatIsInHandWhileTheStreamIsTrimmedComesAgain) {
  NatsBus test({.groups = groups_of_events({"g"})});
  {
    const auto consumer = open_group(test.bus(), "g");
    ASSERT_TRUE(try_publish(test.bus(), envelopes(1, 5)));
    const auto held = receive_now(*consumer);
    ASSERT_THAT(held, SizeIs(5));
    ASSERT_TRUE(run(consumer->ack({held.at(0).tag, held.at(1).tag})).has_value());
    ASSERT_TRUE(run(test.bus().tidy()).has_value());
    EXPECT_EQ(run(consumer->backlog())->messages, 3U);
  }
  test.reopen();
  EXPECT_THAT(numbers_of(receive_within(*open_group(test.bus(), "g"), test.options().visibility * 3)),
              UnorderedElementsAre(3, 4, 5));
}

TEST(NatsEventBus, GroupsThatAreToExistAreThereBeforeAnyMemberCame) {
  NatsBus test({.groups = groups_of_events({"one", "two"})});
  const auto one = open_group(test.bus(), "one");
  ASSERT_TRUE(try_publish(test.bus(), envelopes(1, 3)));
  ASSERT_TRUE(run(one->ack(tags_of(receive_now(*one)))).has_value());
  ASSERT_TRUE(run(test.bus().tidy()).has_value());
  EXPECT_THAT(receive_now(*open_group(test.bus(), "two")), SizeIs(3));
}

TEST(NatsEventBus, NoMoreIsHandedOutThanMayBeInFlightAndNobodyHangsThere) {
  NatsBus test({.max_in_flight = 3});
  const auto consumer = open_group(test.bus(), "g");
  ASSERT_TRUE(try_publish(test.bus(), envelopes(1, 5)));
  const auto held = *run(consumer->receive(100, std::chrono::hours(1)));
  EXPECT_THAT(held, SizeIs(3));
  ASSERT_TRUE(run(consumer->ack(tags_of(held))).has_value());
  EXPECT_THAT(receive_within(*consumer, std::chrono::seconds(10)), SizeIs(2));
}

TEST(NatsEventBus, NoMoreThanAllowedIsUnansweredAtOnce) {
  NatsBus test({.max_unanswered = 2});
  const auto outcomes = run(test.bus().publish(Topic::events, envelopes(1, 4)));
  ASSERT_TRUE(outcomes.has_value());
  EXPECT_EQ(*outcomes, (std::vector{PublishOutcome::stored, PublishOutcome::stored, PublishOutcome::retry,
                                    PublishOutcome::retry}));
}

TEST(NatsEventBus, AMessageOfSomebodyElseGoesToTheDeadLettersAsItCame) {
  NatsBus test;
  const auto consumer = open_group(test.bus(), "g");
  const auto intruder = *bus_nats::Session::open(
      {.url = shared_nats().url()}, {.message = [](std::uint64_t, bus_nats::Incoming) {}, .up = [] {}, .down = [] {}});
  intruder->write({.subject = test.options().prefix + ".events.greeting", .reply = {}, .message_id = {}, .data = "hi"});
  EXPECT_THAT(receive_within(*consumer, std::chrono::seconds(2)), IsEmpty());
  const auto letters = *run(test.dead_letters().list(10, ""));
  ASSERT_THAT(letters, SizeIs(1));
  EXPECT_EQ(letters[0].envelope.body, "hi");
  EXPECT_EQ(letters[0].group, "g");
  EXPECT_THAT(letters[0].reason, HasSubstr("not a message"));
  EXPECT_EQ(run(consumer->backlog())->messages, 0U);
}

TEST(NatsEventBus, ALetterThatIsBuriedTwiceIsListedOnce) {
  NatsBus test;
  const auto consumer = open_group(test.bus(), "g");
  ASSERT_TRUE(try_publish(test.bus(), {envelope(1)}));
  const auto held = receive_now(*consumer);
  ASSERT_TRUE(run(consumer->dead_letter(held.at(0), "poison")).has_value());
  ASSERT_TRUE(run(consumer->dead_letter(held.at(0), "poison")).has_value());
  EXPECT_THAT(*run(test.dead_letters().list(10, "")), SizeIs(1));
}

TEST(NatsEventBus, AnotherProcessMayListAndRedrive) {
  NatsBus test;
  const auto consumer = open_group(test.bus(), "g");
  ASSERT_TRUE(try_publish(test.bus(), {envelope(1)}));
  ASSERT_TRUE(run(consumer->dead_letter(receive_now(*consumer).at(0), "poison")).has_value());
  const auto command_line = test.open_another();
  const auto id = run(command_line->list(10, ""))->at(0).id;
  ASSERT_TRUE(run(command_line->redrive(id)).has_value());
  EXPECT_EQ(run(command_line->redrive(id)).error().code, Errc::not_found);
  EXPECT_THAT(numbers_of(receive_now(*consumer)), UnorderedElementsAre(1));
}

TEST(NatsEventBus, DeadLettersAreBounded) {
  NatsBus test({.max_dead_bytes = 1U << 20U});
  const auto consumer = open_group(test.bus(), "g");
  ASSERT_TRUE(try_publish(test.bus(), {envelope(1, 700U << 10U), envelope(2, 700U << 10U)}));
  const auto held = receive_now(*consumer);
  ASSERT_TRUE(run(consumer->dead_letter(held.at(0), "poison")).has_value());
  EXPECT_EQ(run(consumer->dead_letter(held.at(1), "poison")).error().code, Errc::unavailable);
  EXPECT_EQ(run(consumer->backlog())->messages, 1U);
}

TEST(NatsEventBus, AChangedOptionChangesTheStream) {
  NatsBus test({.max_bytes = 1U << 20U});
  const auto stored = fill_up(test.bus());
  test.options().max_bytes = 4U << 20U;
  test.reopen();
  EXPECT_TRUE(try_publish(test.bus(), {envelope(stored, 64U << 10U)}));
}

TEST(NatsEventBus, WhatTheServerRefusesIsSaidAtTheStart) {
  const core::SystemClock clock;
  SilentLog log;
  const auto open = [&](bus_nats::Options options) {
    options.url = shared_nats().url();
    return bus_nats::EventBus::open(std::move(options), clock, log);
  };
  const auto replicated = open({.prefix = "alone", .replicas = 3});
  ASSERT_FALSE(replicated.has_value());
  EXPECT_EQ(replicated.error().code, Errc::invalid_argument);
  EXPECT_THAT(replicated.error().message, HasSubstr("replicas"));
  EXPECT_EQ(open({.prefix = "a.b"}).error().code, Errc::invalid_argument);
  EXPECT_EQ(open({.prefix = "p", .groups = {{Topic::events, "a b"}}}).error().code, Errc::invalid_argument);
}

TEST(NatsEventBus, AGroupsNameIsPlain) {
  NatsBus test;
  EXPECT_EQ(run(test.bus().open_consumer(Topic::events, "a.b")).error().code, Errc::invalid_argument);
  EXPECT_EQ(run(test.bus().open_consumer(Topic::events, "")).error().code, Errc::invalid_argument);
}

}  // namespace liveops::test
