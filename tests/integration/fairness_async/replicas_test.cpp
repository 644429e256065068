// Two replicas of the slower tier on one bus: one reads the stream, the other takes over.

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>
#include <thread>

#include "adapters/memory/leaderboard/leases.hpp"
#include "fairness/async/watch.hpp"
#include "tests/integration/fairness_async/tier_process.hpp"
#include "tests/support/io_thread.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::test {
namespace {

using fairness::async::Watch;

/// The keeper of leases, as one replica sees it.
class SeenLeases final : public ports::Leases {
 public:
  explicit SeenLeases(ports::Leases& keeper) : keeper_(keeper) {}
  std::atomic<bool> away = false;

  ports::Task<bool> acquire(ports::LeaseClaim claim) override {
    if (away) co_return core::fail(core::Errc::unavailable, "the keeper of leases is away");
    co_return co_await keeper_.acquire(std::move(claim));
  }
  ports::Task<bool> renew(ports::LeaseClaim claim) override {
    if (away) co_return core::fail(core::Errc::unavailable, "the keeper of leases is away");
    co_return co_await keeper_.renew(std::move(claim));
  }
  ports::Task<void> release(std::string name, std::string holder) override {
    if (away) co_return core::fail(core::Errc::unavailable, "the keeper of leases is away");
    co_return co_await keeper_.release(std::move(name), std::move(holder));
  }

 private:
  ports::Leases& keeper_;
};

/// One replica: its tier and its watch, on a thread of its own.
class Replica {
 public:
  Replica(const std::filesystem::path& directory, const std::string& name, ports::EventBus& bus, ports::Leases& keeper)
      : leases(keeper), process(directory / "kept", directory / name) {
    watch.emplace(Watch::With{process.tier,
                              bus,
                              process.checkpoints,
                              leases,
                              name,
                              process.log,
                              process.metrics,
                              {.step = std::chrono::milliseconds(5), .renew_every = 2, .save_every = 10}});
    reading_ = io_.start(watch->run());
    keeping_ = io_.start(watch->keep());
  }
  ~Replica() { stop(); }
  Replica(const Replica&) = delete;
  Replica& operator=(const Replica&) = delete;

  void stop() {
    watch->stop();
    if (reading_.valid()) reading_.get();
    if (keeping_.valid()) keeping_.get();
  }
  [[nodiscard]] bool on_duty() const { return process.metrics.value("liveops_fairness_async_on_duty") == 1; }

  SeenLeases leases;
  TierProcess process;
  std::optional<Watch> watch;

 private:
  IoThread io_;
  std::future<void> reading_;
  std::future<void> keeping_;
};

class AsyncReplicas : public ::testing::Test {
 protected:
  AsyncReplicas() {
    auto bus = adapters::bus_local::EventBus::open(directory_.path() / "bus", {}, clock_, log_);
    if (!bus) throw std::runtime_error(bus.error().message);
    bus_ = std::move(*bus);
  }

  [[nodiscard]] std::unique_ptr<Replica> start(const std::string& name) {
    return std::make_unique<Replica>(directory_.path(), name, *bus_, keeper_);
  }
  void publish(int first, int count) { ASSERT_TRUE(run(bus_->publish(ports::Topic::events, play(first, count)))); }
  /// The test's own deadline ends it when this never comes true.
  static void wait_until(const std::function<bool()>& condition) {
    while (!condition()) std::this_thread::yield();
  }

  TempDir directory_;
  ManualClock clock_{kStart};
  SilentLog log_;
  adapters::memory::Leases keeper_{clock_};
  std::unique_ptr<adapters::bus_local::EventBus> bus_;
};

TEST_F(AsyncReplicas, OneIsOnDutyAndReadsEverything) {
  const auto first = start("first");
  wait_until([&] { return first->on_duty(); });
  const auto second = start("second");
  publish(0, 3000);
  wait_until([&] { return first->process.counted() == 3000; });
  EXPECT_FALSE(second->on_duty());
  EXPECT_EQ(second->process.counted(), 0U);
}

TEST_F(AsyncReplicas, WhoStopsHandsOverWhatHeKnew) {
  auto first = start("first");
  wait_until([&] { return first->on_duty(); });
  const auto second = start("second");
  publish(0, 3000);
  wait_until([&] { return first->process.counted() > 500; });
  first->stop();  // in the middle of it
  wait_until([&] { return second->on_duty(); });
  publish(3000, 1000);
  wait_until([&] { return second->process.counted() >= 4000; });
  EXPECT_EQ(second->process.counted(), 4000U);
}

TEST_F(AsyncReplicas, WhoLosesTheLeaseStopsReadingAndTheOtherGoesOn) {
  const auto first = start("first");
  wait_until([&] { return first->on_duty(); });
  const auto second = start("second");
  publish(0, 3000);
  wait_until([&] { return first->process.counted() > 500; });
  first->leases.away = true;
  wait_until([&] { return !first->on_duty(); });
  EXPECT_FALSE(second->on_duty()) << "the term is not over";
  clock_.advance(Watch::kTerm + std::chrono::seconds(1));
  wait_until([&] { return second->on_duty(); });
  publish(3000, 1000);
  wait_until([&] { return second->process.counted() >= 4000; });
  EXPECT_EQ(second->process.counted(), 4000U);
  first->leases.away = false;
  EXPECT_FALSE(first->on_duty());
}

}  // namespace
}  // namespace liveops::test
