#include "runtime/batch_consumer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <stdexcept>

#include "adapters/bus_inmem/event_bus.hpp"
#include "tests/contract/bus/bus_fixture.hpp"
#include "tests/support/recording_metrics.hpp"

namespace liveops::test {

namespace bus_inmem = adapters::bus_inmem;
using core::Errc;
using ports::Delivery;
using ports::Task;
using ports::Topic;
using runtime::BatchConsumer;
using runtime::Poison;
using std::chrono::milliseconds;
using testing::SizeIs;

namespace {

/// A bus with one group `g` and a BatchConsumer that runs until the group has nothing left.
class Feeding {
 public:
  explicit Feeding(bus_inmem::Options options = {}) : bus_(clock_, options), consumer_(open()) {}

  void publish(std::uint32_t first, std::uint32_t count) {
    ASSERT_TRUE(run(bus_.publish(Topic::events, envelopes(first, count))).has_value());
  }

  /// Runs `handler` until the backlog is empty and every backoff is over.
  void feed(BatchConsumer::Handler handler) {
    BatchConsumer* self = nullptr;
    BatchConsumer batches(*consumer_, std::move(handler), options_, log_, metrics_);
    self = batches_ = &batches;
    boost::asio::io_context io(1);
    auto done = boost::asio::co_spawn(io, batches.run(), boost::asio::use_future);
    while (done.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      io.run_one();
      clock_.advance(milliseconds(1));  // nacked messages become due
      if (backlog() == 0) self->stop();
    }
    done.get();
  }

  [[nodiscard]] std::uint64_t backlog() { return run(consumer_->backlog())->messages; }
  [[nodiscard]] std::unique_ptr<ports::EventConsumer> open() { return *run(bus_.open_consumer(Topic::events, "g")); }
  [[nodiscard]] std::vector<ports::DeadLetter> dead() { return *run(bus_.list(1000, "")); }
  [[nodiscard]] core::Status last_outcome() { return batches_->last_outcome(); }  // of the one that feeds
  [[nodiscard]] double metric(const std::string& name) { return metrics_.value(name + "{group=g}"); }

  bus_inmem::EventBus& bus() { return bus_; }
  ports::EventConsumer& consumer() { return *consumer_; }
  BatchConsumer::Options& options() { return options_; }
  SilentLog& log() { return log_; }
  RecordingMetrics& metrics() { return metrics_; }

 private:
  ManualClock clock_{core::Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 11 / 22))};
  bus_inmem::EventBus bus_;
  std::unique_ptr<ports::EventConsumer> consumer_;
  BatchConsumer* batches_ = nullptr;
  BatchConsumer::Options options_{.group = "g",
                                  .max_batch = 10,
                                  .wait = milliseconds(1),
                                  .backoff_first = milliseconds(1),
                                  .backoff_max = milliseconds(2)};
  SilentLog log_;
  RecordingMetrics metrics_;
};

/// A service's handler: applies what it is given once, fails as scripted, and remembers.
class Service {
 public:
  std::set<std::uint32_t> poison;          // named by the service
  std::set<std::uint32_t> bad;             // make every batch that holds one fail
  std::map<std::uint32_t, int> fails_for;  // bad so many times
  Errc bad_code = Errc::internal;
  std::uint32_t unavailable_times = 0;
  bool throws = false;
  std::multiset<std::uint32_t> applied;
  std::size_t calls = 0;

  BatchConsumer::Handler handler() {
    return [this](const std::vector<Delivery>& batch) { return handle(batch); };
  }

 private:
  Task<std::vector<Poison>> handle(const std::vector<Delivery>& batch) {
    ++calls;
    if (unavailable_times > 0) {
      --unavailable_times;
      co_return core::fail(Errc::unavailable, "the store is away");
    }
    std::vector<Poison> found;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const auto n = number_of(batch[i].envelope);
      if (bad.contains(n) || (fails_for.contains(n) && fails_for[n]-- > 0)) {
        if (throws) throw std::runtime_error("bug");
        co_return core::fail(bad_code, "cannot apply");
      }
      if (poison.contains(n)) found.push_back({i, "cannot be read"});
    }
    for (const auto& delivery : batch) {
      if (const auto n = number_of(delivery.envelope); !poison.contains(n)) applied.insert(n);
    }
    co_return found;
  }
};

std::multiset<std::uint32_t> range(std::uint32_t first, std::uint32_t count) {
  std::multiset<std::uint32_t> all;
  for (std::uint32_t n = first; n < first + count; ++n) all.insert(n);
  return all;
}

}  // namespace

TEST(BatchConsumer, AppliesEveryMessageOnceWhenAllGoesWell) {
  Feeding feeding;
  feeding.publish(0, 35);
  Service service;
  feeding.feed(service.handler());
  EXPECT_EQ(service.applied, range(0, 35));
  EXPECT_EQ(service.calls, 4U);
  EXPECT_EQ(feeding.metric("liveops_bus_consumed_total"), 35);
  EXPECT_EQ(feeding.metric("liveops_consumer_batch_size"), 4);
}

TEST(BatchConsumer, WhileTheStoreIsAwayABatchIsKeptInHandAndDeliveredOnce) {
  Feeding feeding;
  feeding.options().hold_for = std::chrono::hours(1);
  feeding.publish(0, 10);
  Service service;
  service.unavailable_times = 6;
  feeding.feed(service.handler());
  EXPECT_EQ(service.applied, range(0, 10));
  EXPECT_EQ(service.calls, 7U);
  EXPECT_EQ(feeding.metric("liveops_bus_redelivered_total"), 0);
}

TEST(BatchConsumer, WhatWasHeldLongEnoughIsHandedBack) {
  Feeding feeding;
  feeding.options().hold_for = milliseconds(0);
  feeding.publish(0, 10);
  Service service;
  service.unavailable_times = 2;
  feeding.feed(service.handler());
  EXPECT_EQ(service.applied, range(0, 10));
  EXPECT_EQ(feeding.metric("liveops_bus_redelivered_total"), 20);
}

TEST(BatchConsumer, NamedPoisonGoesToTheDeadLettersAndTheRestIsApplied) {
  Feeding feeding;
  feeding.publish(0, 10);
  Service service;
  service.poison = {3, 7};
  feeding.feed(service.handler());
  EXPECT_EQ(service.applied.size(), 8U);
  ASSERT_THAT(feeding.dead(), SizeIs(2));
  EXPECT_EQ(feeding.dead()[0].reason, "cannot be read");
  EXPECT_EQ(feeding.metric("liveops_bus_dead_lettered_total"), 2);
  EXPECT_EQ(feeding.metric("liveops_bus_consumed_total"), 8);
}

TEST(BatchConsumer, AMessageThatAlwaysFailsIsFoundAndDeadLetteredWithItsError) {
  for (const bool throws : {false, true}) {
    Feeding feeding;
    feeding.publish(0, 10);
    Service service;
    service.bad = {4};
    service.throws = throws;
    feeding.feed(service.handler());
    auto others = range(0, 10);
    others.erase(4);
    EXPECT_EQ(service.applied, others);
    ASSERT_THAT(feeding.dead(), SizeIs(1));
    EXPECT_EQ(number_of(feeding.dead()[0].envelope), 4U);
    EXPECT_THAT(feeding.dead()[0].reason, testing::HasSubstr(throws ? "bug" : "cannot apply"));
    EXPECT_EQ(service.calls, 1U + 6U + 4U);  // the batch, the halves down to the bad one, and four more times that one
  }
}

TEST(BatchConsumer, AMessageThatFailsLessOftenThanAllowedIsAppliedInTheEnd) {
  Feeding feeding;
  feeding.publish(0, 3);
  Service service;
  service.fails_for = {{1, 6}};  // in the batch, in its half, and four times alone
  feeding.feed(service.handler());
  EXPECT_EQ(service.applied, range(0, 3));
  EXPECT_TRUE(feeding.dead().empty());
}

TEST(BatchConsumer, AFewBadMessagesCostTheRestOfALargeBatchFewCalls) {
  Feeding feeding;
  feeding.options().max_batch = 1000;
  feeding.options().max_attempts = 1;
  feeding.publish(0, 1000);
  Service service;
  service.bad = {0, 500, 999};
  feeding.feed(service.handler());
  EXPECT_EQ(service.applied.size(), 997U);
  EXPECT_THAT(feeding.dead(), SizeIs(3));
  EXPECT_LE(service.calls, 1U + 3U * 2U * 10U);  // of each halving both halves
}

TEST(BatchConsumer, TransientErrorsAreRetriedForAsLongAsTheyLast) {
  for (const auto code : {Errc::unavailable, Errc::timeout}) {
    Feeding feeding;
    feeding.publish(0, 5);
    Service service;
    service.fails_for = {{2, 30}};
    service.bad_code = code;
    feeding.feed(service.handler());
    EXPECT_EQ(service.applied, range(0, 5));
    EXPECT_TRUE(feeding.dead().empty());
    EXPECT_GE(feeding.metric("liveops_bus_redelivered_total"), 30);
  }
}

TEST(BatchConsumer, ATransientErrorAmongSingleMessagesKillsNone) {
  Feeding feeding;
  feeding.publish(0, 5);
  Service service;
  service.bad = {1};
  std::size_t calls = 0;
  feeding.feed([&](const std::vector<Delivery>& batch) {
    if (++calls == 4) service.unavailable_times = 1;
    return service.handler()(batch);
  });
  auto others = range(0, 5);
  others.erase(1);
  EXPECT_EQ(service.applied, others);
  ASSERT_THAT(feeding.dead(), SizeIs(1));
}

TEST(BatchConsumer, WhyABatchIsTriedAgainIsSaidUntilOneIsDone) {
  Feeding feeding;
  feeding.publish(0, 20);
  Service service;
  service.unavailable_times = 1;
  std::vector<std::string> said;
  feeding.feed([&](const std::vector<Delivery>& batch) {
    const auto outcome = feeding.last_outcome();
    said.push_back(outcome ? "well" : outcome.error().message);
    return service.handler()(batch);
  });
  EXPECT_THAT(said, testing::ElementsAre("well", "the store is away", "well"));
}

TEST(BatchConsumer, NothingIsAckedBeforeTheHandlerIsDone) {
  Feeding feeding;
  feeding.publish(0, 5);
  Service service;
  std::uint64_t while_handling = 0;
  feeding.feed([&](const std::vector<Delivery>& batch) {
    while_handling = feeding.backlog();
    return service.handler()(batch);
  });
  EXPECT_EQ(while_handling, 5U);
  EXPECT_EQ(feeding.backlog(), 0U);
}

TEST(BatchConsumer, AnAckThatFailsMeansARedelivery) {
  Feeding feeding;
  feeding.publish(0, 5);
  feeding.bus().fail_next_ack(1);
  Service service;
  std::size_t seen = 0;
  BatchConsumer batches(
      feeding.consumer(),
      [&](const std::vector<Delivery>& batch) {
        seen = batch.size();
        return service.handler()(batch);
      },
      feeding.options(), feeding.log(), feeding.metrics());
  boost::asio::io_context io(1);
  auto done = boost::asio::co_spawn(io, batches.run(), boost::asio::use_future);
  while (seen == 0) io.run_one();
  batches.stop();
  io.run();
  done.get();
  EXPECT_EQ(feeding.metric("liveops_bus_consumed_total"), 0);
  EXPECT_THAT(*run(feeding.open()->receive(10, milliseconds(0))), SizeIs(5));
}

TEST(BatchConsumer, StopEndsAWaitAtOnceAndAlsoABackoff) {
  for (const bool in_backoff : {false, true}) {
    Feeding feeding;
    feeding.options().wait = std::chrono::hours(1);
    feeding.options().backoff_first = std::chrono::hours(1);
    feeding.options().backoff_max = std::chrono::hours(2);
    Service service;
    service.unavailable_times = 1;
    if (in_backoff) feeding.publish(0, 5);
    BatchConsumer batches(feeding.consumer(), service.handler(), feeding.options(), feeding.log(), feeding.metrics());
    boost::asio::io_context io(1);
    auto done = boost::asio::co_spawn(io, batches.run(), boost::asio::use_future);
    io.poll();
    batches.stop();
    io.run();
    done.get();
    EXPECT_EQ(service.calls, in_backoff ? 1U : 0U);
  }
}

TEST(BatchConsumer, StopReleasesWhatWasNotApplied) {
  Feeding feeding;
  feeding.publish(0, 5);
  Service service;
  service.bad = {0, 1, 2, 3, 4};
  BatchConsumer* self = nullptr;
  BatchConsumer batches(
      feeding.consumer(),
      [&](const std::vector<Delivery>& batch) {
        self->stop();
        return service.handler()(batch);
      },
      feeding.options(), feeding.log(), feeding.metrics());
  self = &batches;
  run(batches.run());
  EXPECT_THAT(*run(feeding.open()->receive(10, milliseconds(0))), SizeIs(5));
  EXPECT_TRUE(feeding.dead().empty());
}

TEST(BatchConsumer, WithANastyBusEveryMessageIsAppliedAtLeastOnceAndOnlyPoisonDies) {
  Feeding feeding({.redeliver_every = 7, .deliver_times = 3, .shuffle_seed = 5});
  feeding.publish(0, 200);
  Service service;
  service.poison = {50, 150};
  service.bad = {100};
  service.unavailable_times = 3;
  feeding.feed(service.handler());
  std::set<std::uint32_t> applied(service.applied.begin(), service.applied.end());
  EXPECT_EQ(applied.size(), 197U);
  std::set<std::uint32_t> dead;
  for (const auto& letter : feeding.dead()) dead.insert(number_of(letter.envelope));
  EXPECT_EQ(dead, (std::set<std::uint32_t>{50, 100, 150}));
}

}  // namespace liveops::test
