#include <set>
#include <thread>

#include "adapters/bus_redis/frame.hpp"
#include "tests/contract/bus/bus_calls.hpp"
#include "tests/contract/bus/bus_contract.hpp"
#include "tests/contract/bus/bus_redis_fixture.hpp"

namespace liveops::test {

namespace bus_redis = adapters::bus_redis;
using core::Errc;
using ports::PublishOutcome;
using ports::Topic;
using std::chrono::milliseconds;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

INSTANTIATE_TEST_SUITE_P(
    Redis, BusContract,
    testing::Values(BusAdapter{"one_stream", [] { return std::make_unique<RedisBus>(); }},
                    BusAdapter{"three_streams",
                               [] { return std::make_unique<RedisBus>(bus_redis::Options{.shards = 3}); }}),
    testing::PrintToStringParamName());

namespace {

void ack(ports::EventConsumer& consumer, const std::vector<ports::Delivery>& deliveries) {
  ASSERT_TRUE(run(consumer.ack(tags_of(deliveries))).has_value());
}

bus_redis::Options with_groups(std::vector<std::string> names) {
  bus_redis::Options options;
  for (auto& name : names) options.groups.push_back({Topic::events, std::move(name)});
  // Only when a test says so.
  options.house_interval = std::chrono::hours(1);
  return options;
}

void tidy(RedisBus& test) {
  const auto done = run(test.bus().tidy());
  ASSERT_TRUE(done.has_value()) << done.error().message << done.error().detail;
}

/// Reads messages in the name of a member that is never heard of again.
void read_and_vanish(RedisBus& test, const std::string& member, const std::string& count) {
  test.server().command({"XREADGROUP", "GROUP", "g", member, "COUNT", count, "STREAMS", test.stream(), ">"});
}

}  // namespace

TEST(RedisEventBus, MessagesOfAMemberThatVanishedAreTakenOverByAnother) {
  RedisBus test;
  const auto consumer = open(test.bus(), "g");
  publish(test.bus(), envelopes(1, 5));
  read_and_vanish(test, "ghost", "3");
  EXPECT_THAT(numbers_of(receive(*consumer)), UnorderedElementsAre(4, 5));
  test.advance(kVisibility + milliseconds(1));
  const auto taken = receive(*consumer);
  EXPECT_EQ(std::ranges::count(taken, 2U, &ports::Delivery::attempt), 5);
  EXPECT_THAT(numbers_of(taken), UnorderedElementsAre(1, 2, 3, 4, 5));
}

TEST(RedisEventBus, AMemberThatCameTooLateLeavesAloneWhatAnotherHasNow) {
  RedisBus test;
  const auto slow = open(test.bus(), "g");
  const auto other = open(test.bus(), "g");
  publish(test.bus(), {envelope(1)});
  const auto held = receive(*slow);
  ASSERT_THAT(held, SizeIs(1));
  test.advance(kVisibility + milliseconds(1));
  ASSERT_THAT(receive(*other), SizeIs(1));

  ASSERT_TRUE(run(slow->nack(tags_of(held), milliseconds(0))).has_value());
  ASSERT_TRUE(run(slow->extend(tags_of(held))).has_value());
  ASSERT_TRUE(run(slow->dead_letter(held[0], "poison")).has_value());
  test.advance(milliseconds(1000));
  EXPECT_THAT(receive(*slow), IsEmpty());
  EXPECT_THAT(*run(test.bus().list(10, "")), IsEmpty());
}

TEST(RedisEventBus, AMemberGoesOnWithWhatItHeldBeforeARestartUnderTheSameName) {
  RedisBus test({.member = "pod-1"});
  publish(test.bus(), envelopes(1, 5));
  ASSERT_TRUE(run(test.bus().open_consumer(Topic::events, "g")).has_value());  // makes the group
  read_and_vanish(test, "pod-1-0", "3");
  test.reopen();
  const auto again = open(test.bus(), "g");
  const auto first = receive(*again, 3);
  EXPECT_THAT(numbers_of(first), UnorderedElementsAre(1, 2, 3));
  for (const auto& delivery : first) EXPECT_EQ(delivery.attempt, 2U);
  EXPECT_THAT(numbers_of(receive(*again)), UnorderedElementsAre(4, 5));
  ack(*again, first);
  EXPECT_EQ(run(again->backlog())->messages, 2U);
}

TEST(RedisEventBus, AMemberThatClosesWithNothingInFlightIsForgotten) {
  RedisBus test;
  const auto stays = open(test.bus(), "g");
  {
    const auto goes = open(test.bus(), "g");
    publish(test.bus(), envelopes(1, 3));
    ack(*goes, receive(*goes));
  }
  EXPECT_THAT(receive(*stays), IsEmpty());  // waits for the release
  const auto consumers = test.server().command({"XINFO", "CONSUMERS", test.stream(), "g"});
  EXPECT_THAT(consumers, HasSubstr("-0\n"));
  EXPECT_THAT(consumers, testing::Not(HasSubstr("-1\n")));
}

TEST(RedisEventBus, OnlyWhatEveryGroupHasAckedIsTrimmed) {
  RedisBus test(with_groups({"fast", "slow"}));
  const auto fast = open(test.bus(), "fast");
  const auto slow = open(test.bus(), "slow");
  publish(test.bus(), envelopes(0, 1000));
  ack(*fast, receive(*fast, 1000));
  tidy(test);
  EXPECT_EQ(test.length(), 1000U);

  auto held = receive(*slow, 600);
  ack(*slow, {held.begin() + 1, held.end()});
  tidy(test);
  EXPECT_EQ(test.length(), 1000U);  // the first is still in flight

  ack(*slow, {held.front()});
  tidy(test);
  EXPECT_LE(test.length(), 500U);
  EXPECT_GE(test.length(), 400U);
  EXPECT_THAT(receive(*slow, 1000), SizeIs(400));
}

TEST(RedisEventBus, TrimmingPassesNoMessageThatAGroupHasYetToAck) {
  RedisBus test(with_groups({"a", "b"}));
  const auto a = open(test.bus(), "a");
  const auto b = open(test.bus(), "b");
  std::set<std::uint32_t> missing_in_b;
  for (std::uint32_t n = 0; n < 2000; ++n) missing_in_b.insert(n);
  for (std::uint32_t round = 0; round < 40; ++round) {
    publish(test.bus(), envelopes(round * 50, 50));
    ack(*a, receive(*a, 1000));
    const auto some = receive(*b, round % 3 == 0 ? 90 : 20);
    if (round % 5 == 4) {
      ASSERT_TRUE(run(b->nack(tags_of(some), milliseconds(0))).has_value());
    } else {
      for (const auto n : numbers_of(some)) missing_in_b.erase(n);
      ack(*b, some);
    }
    tidy(test);
  }
  while (run(b->backlog())->messages > 0) {
    const auto rest = receive(*b, 500);
    ASSERT_FALSE(rest.empty());
    for (const auto n : numbers_of(rest)) missing_in_b.erase(n);
    ack(*b, rest);
  }
  EXPECT_THAT(missing_in_b, IsEmpty());
  tidy(test);
  EXPECT_LT(test.length(), 200U);
}

TEST(RedisEventBus, AGroupThatIsNotThereYetKeepsEverything) {
  RedisBus test(with_groups({"early", "late"}));
  const auto early = open(test.bus(), "early");
  publish(test.bus(), envelopes(0, 300));
  ack(*early, receive(*early, 300));
  tidy(test);
  EXPECT_THAT(receive(*open(test.bus(), "late"), 300), SizeIs(300));
}

TEST(RedisEventBus, AGroupThatWasLostIsMadeAgainBeforeAnythingIsTrimmed) {
  RedisBus test(with_groups({"a", "b"}));
  const auto a = open(test.bus(), "a");
  publish(test.bus(), envelopes(0, 300));
  ack(*a, receive(*a, 300));
  test.server().command({"XGROUP", "DESTROY", test.stream(), "b"});
  tidy(test);
  tidy(test);
  EXPECT_THAT(receive(*open(test.bus(), "b"), 300), SizeIs(300));
}

TEST(RedisEventBus, WhoKnowsNoGroupTrimsNothing) {
  RedisBus test;
  const auto consumer = open(test.bus(), "g");
  publish(test.bus(), envelopes(0, 300));
  ack(*consumer, receive(*consumer, 300));
  tidy(test);
  EXPECT_EQ(test.length(), 300U);
}

TEST(RedisEventBus, AFullBusTakesNothingUntilConsumersCatchUp) {
  auto options = with_groups({"g"});
  options.max_bytes = 1U << 20U;
  RedisBus test(std::move(options));
  const auto consumer = open(test.bus(), "g");
  std::uint32_t stored = 0;
  while (run(test.bus().publish(Topic::events, {envelope(stored, 16U << 10U)}))->at(0) == PublishOutcome::stored) {
    ASSERT_LT(++stored, 1000U);
  }
  EXPECT_GT(stored, 30U);
  const auto full = run(test.bus().check());
  ASSERT_FALSE(full.has_value());
  EXPECT_EQ(full.error().code, Errc::rate_limited);
  EXPECT_THAT(full.error().message, HasSubstr("REDIS_BUS_MAX_BYTES"));
  EXPECT_TRUE(run(test.bus().reach()).has_value()) << "or no consumer could be started to make room";

  ack(*consumer, receive(*consumer, stored));
  tidy(test);
  EXPECT_TRUE(run(test.bus().check()).has_value());
  publish(test.bus(), {envelope(stored)});
}

TEST(RedisEventBus, AFullBusIsBoundedByMessagesToo) {
  auto options = with_groups({"g"});
  options.max_messages = 10;
  RedisBus test(std::move(options));
  tidy(test);
  publish(test.bus(), envelopes(0, 10));
  EXPECT_THAT(*run(test.bus().publish(Topic::events, {envelope(10)})), Each(PublishOutcome::retry));
}

TEST(RedisEventBus, AnEntryThatIsNotOursIsHandedOutAndCanBeDeadLettered) {
  RedisBus test;
  const auto consumer = open(test.bus(), "g");
  test.server().command({"XADD", test.stream(), "*", "e", "no frame"});
  test.server().command({"XADD", test.stream(), "*", "what", "ever"});
  auto held = receive(*consumer);
  ASSERT_THAT(held, SizeIs(2));
  EXPECT_EQ(held[0].envelope.body, "no frame");
  EXPECT_EQ(held[0].envelope.type, "");
  ASSERT_TRUE(run(consumer->dead_letter(held[0], "cannot be read")).has_value());
  const auto letters = *run(test.bus().list(10, ""));
  ASSERT_THAT(letters, SizeIs(1));
  EXPECT_THAT(letters[0].envelope.body, HasSubstr("no frame"));
}

TEST(RedisEventBus, DeadLettersAreBounded) {
  RedisBus test({.max_dead_letters = 1});
  const auto consumer = open(test.bus(), "g");
  publish(test.bus(), envelopes(1, 2));
  const auto held = receive(*consumer);
  ASSERT_TRUE(run(consumer->dead_letter(held.at(0), "poison")).has_value());
  const auto second = run(consumer->dead_letter(held.at(1), "poison"));
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, Errc::unavailable);
  EXPECT_EQ(run(consumer->backlog())->messages, 1U);
}

TEST(RedisEventBus, DeadLettersOfBothTopicsAreListedTogetherOldestFirst) {
  RedisBus test;
  std::vector<std::uint32_t> order;
  for (std::uint32_t n = 0; n < 6; ++n) {
    const auto topic = n % 2 == 0 ? Topic::events : Topic::verdicts;
    const auto consumer = *run(test.bus().open_consumer(topic, "g"));
    ASSERT_TRUE(run(test.bus().publish(topic, {envelope(n)})).has_value());
    ASSERT_TRUE(run(consumer->dead_letter(receive(*consumer).at(0), "poison")).has_value());
  }
  std::string after;
  std::vector<ports::DeadLetter> letters;
  while (true) {
    const auto page = *run(test.bus().list(2, after));
    if (page.empty()) break;
    letters.insert(letters.end(), page.begin(), page.end());
    after = page.back().id;
  }
  ASSERT_THAT(letters, SizeIs(6));
  EXPECT_TRUE(std::ranges::is_sorted(letters, {}, &ports::DeadLetter::dead_at));
  ASSERT_TRUE(run(test.bus().redrive(letters[3].id)).has_value());
  EXPECT_EQ(run(test.bus().show(letters[3].id)).error().code, Errc::not_found);
  EXPECT_THAT(*run(test.bus().list(10, "")), SizeIs(5));
}

TEST(RedisEventBus, ReplicasThatDoNotConfirmMakeItARetry) {
  RedisBus test({.wait_replicas = 1, .wait_timeout = milliseconds(5)});
  EXPECT_THAT(*run(test.bus().publish(Topic::events, envelopes(1, 2))), Each(PublishOutcome::retry));
}

TEST(RedisEventBus, ConsumersReadWhateverNumberOfStreamsOthersPublishTo) {
  RedisBus test;
  auto options = test.options();
  options.shards = 5;
  const auto wide = test.open(options);
  const auto unaware = open(test.bus(), "g");
  ASSERT_TRUE(run(wide->open_consumer(Topic::events, "other")).has_value());  // by now the number is agreed upon
  publish(*wide, envelopes(1, 20));
  EXPECT_THAT(receive(*open(test.bus(), "g")), SizeIs(20));
}

TEST(RedisEventBus, NoMoreIsHandedOutThanMayBeInFlight) {
  RedisBus test({.max_in_flight = 3});
  const auto consumer = open(test.bus(), "g");
  publish(test.bus(), envelopes(1, 5));
  const auto held = receive(*consumer);
  EXPECT_THAT(held, SizeIs(3));
  ack(*consumer, held);
  EXPECT_THAT(receive(*consumer), SizeIs(2));
}

TEST(RedisEventBus, ABadOptionOrUrlIsRefusedWithWhatToDo) {
  const ShiftedClock clock;
  SilentLog log;
  RecordingMetrics metrics;
  const auto no_streams = bus_redis::EventBus::open({.url = shared_redis().url(), .shards = 0}, clock, log, metrics);
  ASSERT_FALSE(no_streams.has_value());
  EXPECT_THAT(no_streams.error().message, HasSubstr("REDIS_BUS_SHARDS"));
  const auto no_url = bus_redis::EventBus::open({.url = "http://nowhere"}, clock, log, metrics);
  ASSERT_FALSE(no_url.has_value());
  EXPECT_EQ(no_url.error().code, Errc::invalid_argument);
}

}  // namespace liveops::test
