#include <signal.h>
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fstream>
#include <set>

#include "adapters/bus_local/dead_letter_file.hpp"
#include "tests/contract/bus/bus_calls.hpp"
#include "tests/contract/bus/bus_contract.hpp"
#include "tests/contract/bus/bus_local_fixture.hpp"

namespace liveops::test {

namespace bus_local = adapters::bus_local;
using core::Errc;
using ports::PublishOutcome;
using ports::Topic;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

INSTANTIATE_TEST_SUITE_P(
    Local, BusContract,
    testing::Values(BusAdapter{"cached", [] { return std::make_unique<LocalBus>(); }},
                    BusAdapter{"from_file",
                               [] { return std::make_unique<LocalBus>(bus_local::Options{.max_cached_bytes = 0}); }}),
    testing::PrintToStringParamName());

namespace {

/// Publishes 64 KiB at a time until the bus takes no more; gives the number of what was stored.
std::uint32_t fill_up(LocalBus& test) {
  for (std::uint32_t n = 0; n < 10'000; ++n) {
    const auto outcomes = run(test.bus().publish(Topic::events, {envelope(n, 64U << 10U)}));
    if (!outcomes || outcomes->at(0) != PublishOutcome::stored) return n;
  }
  ADD_FAILURE() << "the bus never filled up";
  return 0;
}

void consume_all(LocalBus& test, ports::EventConsumer& consumer, std::uint32_t expected) {
  std::set<std::uint32_t> seen;
  while (run(consumer.backlog())->messages > 0) {
    const auto batch = receive(consumer, 50);
    ASSERT_FALSE(batch.empty());
    for (const auto n : numbers_of(batch)) seen.insert(n);
    ASSERT_TRUE(run(consumer.ack(tags_of(batch))).has_value());
  }
  EXPECT_EQ(seen.size(), expected);
  EXPECT_TRUE(run(test.bus().tidy()).has_value());
}

std::uintmax_t bytes_in(const std::filesystem::path& directory) {
  std::uintmax_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) bytes += entry.file_size();
  return bytes;
}

/// While it lives, no file of this process may grow beyond `bytes`: the kernel refuses, as on a full disk.
class NoRoom {
 public:
  explicit NoRoom(rlim_t bytes) {
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit tight{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &tight), 0);
  }
  ~NoRoom() { setrlimit(RLIMIT_FSIZE, &before_); }
  NoRoom(const NoRoom&) = delete;
  NoRoom& operator=(const NoRoom&) = delete;

 private:
  rlimit before_{};
};

}  // namespace

TEST(LocalEventBus, WhatWasStoredIsThereAfterAReopen) {
  LocalBus test;
  publish(test.bus(), envelopes(1, 3));
  test.reopen();
  publish(test.bus(), envelopes(4, 2));
  EXPECT_THAT(numbers_of(receive(*open(test.bus(), "g"))), UnorderedElementsAre(1, 2, 3, 4, 5));
}

TEST(LocalEventBus, WhatIsReadyTogetherGoesIntoOneCommit) {
  LocalBus test;
  constexpr std::uint32_t kPublishes = 200;
  boost::asio::io_context io(1);
  std::uint32_t stored = 0;
  for (std::uint32_t n = 0; n < kPublishes; ++n) {
    boost::asio::co_spawn(io, test.bus().publish(Topic::events, {envelope(n)}),
                          [&](std::exception_ptr, const auto& outcomes) {
                            stored += outcomes && outcomes->front() == PublishOutcome::stored ? 1 : 0;
                          });
  }
  io.run();
  EXPECT_EQ(stored, kPublishes);
  test.close();
  const auto log = *bus_local::MessageLog::open(test.directory(), Topic::events, 0, {});
  EXPECT_THAT(*log->read(0, kPublishes, 1U << 30U), SizeIs(1));
}

TEST(LocalEventBus, ANewGroupStartsAtTheOldestMessage) {
  LocalBus test;
  publish(test.bus(), envelopes(1, 3));
  EXPECT_THAT(receive(*open(test.bus(), "first")), SizeIs(3));
  EXPECT_THAT(receive(*open(test.bus(), "second")), SizeIs(3));
}

TEST(LocalEventBus, PositionsOutliveAReopen) {
  LocalBus test;
  publish(test.bus(), envelopes(1, 5));
  {
    const auto consumer = open(test.bus(), "g");
    ASSERT_TRUE(run(consumer->ack(tags_of(receive(*consumer, 3)))).has_value());
  }
  test.reopen();
  EXPECT_THAT(numbers_of(receive(*open(test.bus(), "g"))), UnorderedElementsAre(4, 5));
}

TEST(LocalEventBus, TheLogGoesOnWhereItEndedThoughAllWasReclaimed) {
  LocalBus test;
  publish(test.bus(), envelopes(1, 5));
  {
    const auto consumer = open(test.bus(), "g");
    consume_all(test, *consumer, 5);
  }
  test.reopen();
  const auto consumer = open(test.bus(), "g");
  publish(test.bus(), {envelope(6)});
  EXPECT_THAT(numbers_of(receive(*consumer)), UnorderedElementsAre(6));
}

TEST(LocalEventBus, ASlowGroupKeepsTheMessagesItHasNotSeen) {
  LocalBus test;
  const auto fast = open(test.bus(), "fast");
  const auto slow = open(test.bus(), "slow");
  for (std::uint32_t n = 0; n < 20; ++n) publish(test.bus(), {envelope(n)});
  consume_all(test, *fast, 20);
  EXPECT_THAT(receive(*slow), SizeIs(20));
}

TEST(LocalEventBus, TheFilesShrinkWhenAllIsConsumed) {
  LocalBus test;
  const auto consumer = open(test.bus(), "g");
  constexpr std::uint32_t kMessages = 200;
  for (std::uint32_t n = 0; n < kMessages; ++n) publish(test.bus(), {envelope(n, 64U << 10U)});
  ASSERT_TRUE(run(test.bus().tidy()).has_value());
  EXPECT_GT(bytes_in(test.directory()), kMessages * 64U << 10U);
  consume_all(test, *consumer, kMessages);
  EXPECT_LT(bytes_in(test.directory()), 1U << 20U);
}

TEST(LocalEventBus, BeyondItsByteBoundPublishIsToBeRetriedUntilSpaceIsReclaimed) {
  LocalBus test({.max_bytes = 4U << 20U});
  const auto consumer = open(test.bus(), "g");
  const auto stored = fill_up(test);
  EXPECT_EQ(run(test.bus().check()).has_value(), true);  // smaller ones may still fit
  EXPECT_EQ(*run(test.bus().publish(Topic::events, {envelope(stored, 64U << 10U)})),
            std::vector{PublishOutcome::retry});
  consume_all(test, *consumer, stored);
  publish(test.bus(), {envelope(stored, 64U << 10U)});
}

TEST(LocalEventBus, AFullDiskLosesNothingAndTheBusWorksAgainWhenThereIsSpace) {
  LocalBus test;
  const auto consumer = open(test.bus(), "g");
  publish(test.bus(), {envelope(0)});
  std::uint32_t stored = 0;
  {
    const NoRoom full(1'500'000);
    stored = fill_up(test);
    ASSERT_GT(stored, 0U);
    const auto refused = run(test.bus().publish(Topic::events, {envelope(stored, 64U << 10U)}));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Errc::unavailable);
    EXPECT_EQ(run(test.bus().check()).error().code, Errc::unavailable);
  }
  EXPECT_TRUE(run(test.bus().check()).has_value());
  publish(test.bus(), {envelope(stored, 64U << 10U)});
  consume_all(test, *consumer, stored + 1);
}

TEST(LocalEventBus, LogFilesThatAreMissingAreToldAtTheStart) {
  LocalBus test;
  publish(test.bus(), envelopes(1, 5));
  {
    const auto consumer = open(test.bus(), "g");
    ASSERT_TRUE(run(consumer->ack(tags_of(receive(*consumer, 3)))).has_value());
  }
  test.close();
  const auto log = test.directory() / "events-00000000000000000000.log";
  std::filesystem::resize_file(log, 0);
  const auto opened = bus_local::EventBus::open(test.directory(), {}, test.clock(), test.log());
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, Errc::corrupt);
  EXPECT_THAT(opened.error().message, HasSubstr(test.directory().string()));
}

TEST(LocalEventBus, ARedrivenLetterStaysForItsGroupAfterAReopen) {
  LocalBus test({.max_bytes = 2U << 20U});
  {
    const auto consumer = open(test.bus(), "g");
    const auto other = open(test.bus(), "other");
    publish(test.bus(), {envelope(1)});
    ASSERT_TRUE(run(consumer->dead_letter(receive(*consumer).at(0), "poison")).has_value());
    ASSERT_TRUE(run(other->ack(tags_of(receive(*other)))).has_value());
    ASSERT_TRUE(run(test.bus().redrive(run(test.bus().list(10, ""))->at(0).id)).has_value());
    publish(test.bus(), {envelope(2, 200U << 10U)});  // the log goes on in another file
    publish(test.bus(), {envelope(3)});
  }
  test.reopen();
  EXPECT_THAT(numbers_of(receive(*open(test.bus(), "g"))), UnorderedElementsAre(1, 2, 3));
  EXPECT_THAT(numbers_of(receive(*open(test.bus(), "other"))), UnorderedElementsAre(2, 3));
}

TEST(LocalEventBus, MessagesThatAnOlderBuildKeptInTablesAreNotForgotten) {
  const TempDir directory;
  {
    auto database = adapters::sqlite::Database::open(directory.path() / "bus.db", {}).value();
    ASSERT_TRUE(database
                    .exec("CREATE TABLE events_log (first_offset INTEGER PRIMARY KEY);"
                          "CREATE TABLE verdicts_log (first_offset INTEGER PRIMARY KEY);"
                          "INSERT INTO events_log VALUES (0); PRAGMA user_version = 1")
                    .has_value());
  }
  const core::SystemClock clock;
  SilentLog log;
  const auto opened = bus_local::EventBus::open(directory.path(), {}, clock, log);
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, Errc::conflict);
}

TEST(LocalEventBus, ASecondOwnerIsRefusedWithTheFirstOnesProcess) {
  LocalBus test;
  const auto second = bus_local::EventBus::open(test.directory(), {}, test.clock(), test.log());
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, Errc::conflict);
  EXPECT_THAT(second.error().message, HasSubstr("in use by process " + std::to_string(getpid())));
}

TEST(LocalEventBus, AFileThatIsNoDatabaseIsRefused) {
  LocalBus test;
  test.close();
  std::ofstream(test.directory() / "bus.db") << std::string(8192, 'x');
  const auto opened = bus_local::EventBus::open(test.directory(), {}, test.clock(), test.log());
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, Errc::corrupt);
}

TEST(LocalEventBus, NoMoreIsHandedOutThanMayBeInFlight) {
  LocalBus test({.max_in_flight = 3});
  const auto consumer = open(test.bus(), "g");
  publish(test.bus(), envelopes(1, 5));
  const auto held = receive(*consumer);
  EXPECT_THAT(held, SizeIs(3));
  ASSERT_TRUE(run(consumer->ack(tags_of(held))).has_value());
  EXPECT_THAT(receive(*consumer), SizeIs(2));
}

TEST(LocalEventBus, ARedriveThatAnotherProcessAskedForIsGranted) {
  LocalBus test;
  const auto consumer = open(test.bus(), "g");
  const auto other = open(test.bus(), "other");
  publish(test.bus(), {envelope(1)});
  ASSERT_TRUE(run(consumer->dead_letter(receive(*consumer).at(0), "poison")).has_value());
  ASSERT_TRUE(run(other->ack(tags_of(receive(*other)))).has_value());

  const auto beside = *bus_local::DeadLetterFile::open(test.directory());
  const auto id = run(beside->list(10, ""))->at(0).id;
  ASSERT_TRUE(run(beside->redrive(id)).has_value());
  EXPECT_EQ(run(beside->redrive(id)).error().code, Errc::not_found);
  EXPECT_THAT(*run(beside->list(10, "")), IsEmpty());

  const auto again = *run(consumer->receive(10, std::chrono::minutes(1)));  // the owner looks once a second
  EXPECT_THAT(numbers_of(again), UnorderedElementsAre(1));
  EXPECT_THAT(receive(*other), IsEmpty());
}

TEST(LocalEventBus, ARedriveAskedForWhileNobodyRanIsGrantedAtTheNextStart) {
  LocalBus test;
  {
    const auto consumer = open(test.bus(), "g");
    publish(test.bus(), {envelope(1)});
    ASSERT_TRUE(run(consumer->dead_letter(receive(*consumer).at(0), "poison")).has_value());
  }
  test.close();
  {
    const auto beside = *bus_local::DeadLetterFile::open(test.directory());
    ASSERT_TRUE(run(beside->redrive(run(beside->list(10, ""))->at(0).id)).has_value());
  }
  test.reopen();
  ASSERT_TRUE(run(test.bus().tidy()).has_value());
  EXPECT_THAT(numbers_of(receive(*open(test.bus(), "g"))), UnorderedElementsAre(1));
}

TEST(DeadLetterFile, SaysThatThereIsNoBus) {
  const TempDir empty;
  EXPECT_EQ(bus_local::DeadLetterFile::open(empty.path()).error().code, Errc::not_found);
}

}  // namespace liveops::test
