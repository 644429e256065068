#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <mutex>
#include <set>
#include <thread>

#include "tests/contract/bus/bus_redis_fixture.hpp"

namespace liveops::test {

namespace asio = boost::asio;
namespace bus_redis = adapters::bus_redis;
using core::Errc;
using ports::PublishOutcome;
using ports::Topic;
using std::chrono::milliseconds;
using testing::Each;
using testing::SizeIs;

namespace {

RedisServer durable_server() {
  return RedisServer{RedisServer::Options{.append_only = true, .arguments = {}, .password = {}}};
}

bus_redis::Options with_group(const std::string& name) {
  bus_redis::Options options;
  options.groups = {{Topic::events, name}};
  return options;
}

/// Numbers that were reported stored, by any thread.
class Stored {
 public:
  void add(std::uint32_t n) {
    const std::lock_guard lock(mutex_);
    numbers_.insert(n);
  }
  [[nodiscard]] std::size_t size() {
    const std::lock_guard lock(mutex_);
    return numbers_.size();
  }
  [[nodiscard]] std::set<std::uint32_t> all() {
    const std::lock_guard lock(mutex_);
    return numbers_;
  }

 private:
  std::mutex mutex_;
  std::set<std::uint32_t> numbers_;
};

/// What was logged as a warning. Threads: any.
class Warnings final : public ports::Log {
 public:
  [[nodiscard]] bool enabled(ports::LogLevel level) const override { return level == ports::LogLevel::warn; }
  void write(ports::LogLevel, std::string_view message, std::span<const ports::LogField>) override {
    const std::lock_guard lock(mutex_);
    lines_.emplace_back(message);
  }
  [[nodiscard]] std::size_t count(std::string_view part) {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(
        std::ranges::count_if(lines_, [&](const auto& line) { return line.contains(part); }));
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

/// Publishes two at a time until the server is gone.
asio::awaitable<void> publish_while_it_lasts(ports::EventBus& bus, std::uint32_t& next, Stored& stored) {
  while (true) {
    const std::uint32_t n = next;
    next += 2;
    const auto outcomes = co_await bus.publish(Topic::events, envelopes(n, 2));
    if (!outcomes) co_return;
    for (std::uint32_t i = 0; i < 2; ++i) {
      if ((*outcomes)[i] == PublishOutcome::stored) stored.add(n + i);
    }
  }
}

/// Consumes until nothing is left; what came.
std::set<std::uint32_t> drain(ports::EventConsumer& consumer) {
  std::set<std::uint32_t> seen;
  while (true) {
    const auto backlog = run(consumer.backlog());
    if (backlog && backlog->messages == 0) return seen;
    const auto batch = run(consumer.receive(500, milliseconds(100)));
    if (!batch) continue;
    for (const auto n : numbers_of(*batch)) seen.insert(n);
    EXPECT_TRUE(run(consumer.ack(tags_of(*batch))).has_value());
  }
}

bool works(ports::EventBus& bus) {
  return run(bus.check()).has_value();
}

std::unique_ptr<ports::EventConsumer> open(ports::EventBus& bus, const std::string& group) {
  return *run(bus.open_consumer(Topic::events, group));
}

}  // namespace

TEST(RedisEventBusFaults, WhatWasReportedStoredIsThereAfterTheServerIsKilled) {
  auto server = durable_server();
  RedisBus test(with_group("g"), server);
  const auto consumer = open(test.bus(), "g");
  Stored stored;
  std::uint32_t next = 0;
  for (std::size_t round = 1; round <= 3; ++round) {
    const std::size_t enough = stored.size() + 300 * round;
    std::thread publishing([&] {
      asio::io_context io(1);
      for (int i = 0; i < 8; ++i) {
        asio::co_spawn(io, publish_while_it_lasts(test.bus(), next, stored), asio::detached);
      }
      io.run();
    });
    EXPECT_TRUE(wait_until([&] { return stored.size() >= enough; }));
    server.kill();
    publishing.join();
    server.restart();
    ASSERT_TRUE(wait_until([&] { return works(test.bus()); }));
  }
  const auto delivered = drain(*consumer);
  EXPECT_TRUE(std::ranges::includes(delivered, stored.all()));
}

TEST(RedisEventBusFaults, WithoutAServerAllSaySoAtOnceAndWorkAgainWhenItIsBack) {
  auto server = durable_server();
  RedisBus test(with_group("g"), server);
  const auto consumer = open(test.bus(), "g");
  ASSERT_TRUE(run(test.bus().publish(Topic::events, envelopes(1, 3))).has_value());
  const auto held = *run(consumer->receive(10, milliseconds(0)));
  ASSERT_THAT(held, SizeIs(3));
  server.kill();
  ASSERT_TRUE(wait_until([&] { return !works(test.bus()); }));
  EXPECT_EQ(run(test.bus().publish(Topic::events, {envelope(4)})).error().code, Errc::unavailable);
  EXPECT_EQ(run(consumer->receive(10, std::chrono::minutes(1))).error().code, Errc::unavailable);
  EXPECT_EQ(run(consumer->ack(tags_of(held))).error().code, Errc::unavailable);
  EXPECT_EQ(run(consumer->nack(tags_of(held), milliseconds(0))).error().code, Errc::unavailable);
  EXPECT_EQ(run(consumer->backlog()).error().code, Errc::unavailable);
  EXPECT_EQ(run(test.bus().open_consumer(Topic::events, "g")).error().code, Errc::unavailable);
  EXPECT_EQ(run(test.bus().list(1, "")).error().code, Errc::unavailable);

  server.restart();
  ASSERT_TRUE(wait_until([&] { return works(test.bus()); }));
  ASSERT_TRUE(run(consumer->ack(tags_of(held))).has_value());  // still its own
  ASSERT_TRUE(run(test.bus().publish(Topic::events, {envelope(4)})).has_value());
  EXPECT_EQ(drain(*consumer), std::set<std::uint32_t>{4});
}

TEST(RedisEventBusFaults, AfterFlushallTheGroupsAreMadeAgainAndMessagesFlow) {
  auto server = durable_server();
  auto options = with_group("g");
  options.groups.push_back({Topic::events, "away"});
  RedisBus test(options, server);
  const auto consumer = open(test.bus(), "g");
  ASSERT_TRUE(run(test.bus().publish(Topic::events, envelopes(1, 3))).has_value());
  const auto lost = *run(consumer->receive(10, milliseconds(0)));
  server.flush_all();
  EXPECT_TRUE(run(consumer->ack(tags_of(lost))).has_value());
  ASSERT_TRUE(run(test.bus().publish(Topic::events, envelopes(4, 2))).has_value());
  EXPECT_EQ(drain(*consumer), (std::set<std::uint32_t>{4, 5}));
  ASSERT_TRUE(run(test.bus().tidy()).has_value());
  EXPECT_EQ(drain(*open(test.bus(), "away")), (std::set<std::uint32_t>{4, 5}));
}

TEST(RedisEventBusFaults, AFlushallUnderAWaitingReceiveDoesNotEndIt) {
  auto server = durable_server();
  RedisBus test(with_group("g"), server);
  const auto consumer = open(test.bus(), "g");
  std::atomic<bool> done{false};
  std::vector<ports::Delivery> received;
  std::thread receiving([&] {
    received = *run(consumer->receive(10, std::chrono::minutes(10)));
    done = true;
  });
  EXPECT_TRUE(wait_until([&] { return server.command({"INFO", "clients"}).contains("blocked_clients:1"); }));
  server.flush_all();
  EXPECT_TRUE(run(test.bus().publish(Topic::events, {envelope(1)})).has_value());
  receiving.join();
  EXPECT_TRUE(done.load());
  EXPECT_THAT(numbers_of(received), testing::ElementsAre(1));
}

TEST(RedisEventBusFaults, AWaitingReceiveSaysThatTheServerWentAwayAndTheNextOneWorksAgain) {
  auto server = durable_server();
  RedisBus test(with_group("g"), server);
  const auto consumer = open(test.bus(), "g");
  Errc code = Errc::internal;
  std::thread receiving([&] { code = run(consumer->receive(10, std::chrono::minutes(10))).error().code; });
  EXPECT_TRUE(wait_until([&] { return server.command({"INFO", "clients"}).contains("blocked_clients:1"); }));
  server.kill();
  receiving.join();
  EXPECT_EQ(code, Errc::unavailable);
  server.restart();
  ASSERT_TRUE(wait_until([&] { return works(test.bus()); }));
  ASSERT_TRUE(run(test.bus().publish(Topic::events, {envelope(1)})).has_value());
  EXPECT_EQ(drain(*consumer), std::set<std::uint32_t>{1});
}

TEST(RedisEventBusFaults, AServerWithoutMemoryTakesNothingButGivesAndIsTrimmed) {
  auto server = durable_server();
  auto options = with_group("g");
  options.house_interval = milliseconds(10);
  RedisBus test(options, server);
  const auto consumer = open(test.bus(), "g");
  ASSERT_TRUE(run(test.bus().publish(Topic::events, envelopes(0, 500))).has_value());
  server.command({"CONFIG", "SET", "maxmemory", "1"});
  EXPECT_THAT(*run(test.bus().publish(Topic::events, {envelope(500)})), Each(PublishOutcome::retry));

  const auto late = open(test.bus(), "g");  // also a member that comes only now
  EXPECT_THAT(drain(*late), SizeIs(500));
  EXPECT_TRUE(wait_until([&] { return test.length() < 100; }));

  server.command({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_TRUE(wait_until([&] {
    const auto outcomes = run(test.bus().publish(Topic::events, {envelope(501)}));
    return outcomes && outcomes->at(0) == PublishOutcome::stored;
  }));
}

TEST(RedisEventBusFaults, AServerThatHangsHoldsNobodyForEver) {
  auto server = durable_server();
  RedisBus test(with_group("g"), server);
  const auto consumer = open(test.bus(), "g");
  server.pause();
  EXPECT_EQ(run(test.bus().publish(Topic::events, {envelope(1)})).error().code, Errc::unavailable);
  EXPECT_EQ(run(consumer->receive(10, milliseconds(0))).error().code, Errc::unavailable);
  server.resume();
  ASSERT_TRUE(wait_until([&] { return works(test.bus()); }));
  EXPECT_TRUE(run(test.bus().publish(Topic::events, {envelope(2)})).has_value());
  EXPECT_TRUE(drain(*consumer).contains(2));
}

TEST(RedisEventBusFaults, AServerThatMayLoseMessagesIsNamedOnceAConnection) {
  const ShiftedClock clock;
  for (const bool durable : {false, true}) {
    RedisServer server{RedisServer::Options{.append_only = durable, .arguments = {}, .password = {}}};
    RecordingMetrics metrics;
    Warnings log;
    const bus_redis::Options options{.url = server.url(), .house_interval = milliseconds(1)};
    const auto bus = *bus_redis::EventBus::open(options, clock, log, metrics);
    EXPECT_TRUE(wait_until([&] { return server.command({"EXISTS", "lo:trim"}) == "1"; }));  // it has looked by now
    if (!durable) EXPECT_TRUE(wait_until([&] { return log.count("may lose messages") > 0; }));
    EXPECT_EQ(log.count("may lose messages"), durable ? 0U : 1U);
  }
}

TEST(RedisEventBusFaults, ABusGoesAwayInOrderWhateverStateTheServerIsIn) {
  auto server = durable_server();
  {
    RedisBus away(with_group("g"), server);
    const auto consumer = open(away.bus(), "g");
    ASSERT_TRUE(run(away.bus().publish(Topic::events, {envelope(1)})).has_value());
    ASSERT_THAT(*run(consumer->receive(1, milliseconds(0))), SizeIs(1));
    server.kill();
  }
  RedisBus never_reached(with_group("g"), server);
  EXPECT_EQ(run(never_reached.bus().check()).error().code, Errc::unavailable);
}

}  // namespace liveops::test
