// The slower tier on the durable bus, in a process that is killed at any moment.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "tests/integration/fairness_async/tier_process.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::test {
namespace {

using LocalBus = adapters::bus_local::EventBus;
constexpr int kEvents = 6000;
constexpr std::size_t kBatch = 100;
constexpr int kSaveAfter = 7;  // batches

class AsyncTierKilled : public ::testing::Test {
 protected:
  [[nodiscard]] std::unique_ptr<LocalBus> open_bus() {
    auto bus = LocalBus::open(directory_.path() / "bus", {}, clock_, log_);
    if (!bus) throw std::runtime_error(bus.error().message);
    return std::move(*bus);
  }

  void publish_all() {
    const auto bus = open_bus();
    const auto consumer = run(bus->open_consumer(ports::Topic::events, std::string(fairness::async::Tier::kGroup)));
    ASSERT_TRUE(consumer);
    ASSERT_TRUE(run(bus->publish(ports::Topic::events, play(0, kEvents))));
  }

  /// Reads batches until none comes, or for ever once the bus is empty when somebody waits on `report`.
  void consume(int report) {
    const auto bus = open_bus();
    TierProcess process(directory_.path() / "kept", directory_.path() / "store");
    run(process.tier.load(process.checkpoints));
    const auto consumer = run(bus->open_consumer(ports::Topic::events, std::string(fairness::async::Tier::kGroup)));
    for (int batches = 0;; ++batches) {
      const auto batch = run((*consumer)->receive(kBatch, std::chrono::milliseconds(200))).value();
      if (batch.empty() && report < 0) break;
      if (batch.empty()) continue;
      std::vector<std::string> tags;
      for (const ports::Delivery& delivery : batch) tags.push_back(delivery.tag);
      if (!run(process.tier.handle(batch)) || !run((*consumer)->ack(tags))) std::abort();
      if (batches % kSaveAfter == kSaveAfter - 1 && !run(process.tier.save(process.checkpoints))) std::abort();
      if (report >= 0 && ::write(report, "x", 1) != 1) std::abort();
    }
    run(process.tier.step());
    counted_ = process.counted();
    duplicates_ = process.metrics.value("liveops_fairness_async_events_total{outcome=duplicate}");
  }

  /// Consumes in a process of its own, which is killed after so many batches.
  void consume_and_be_killed(int after) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(ends[0]);
      consume(ends[1]);
      ::_exit(0);
    }
    ::close(ends[1]);
    char seen = 0;
    for (int i = 0; i < after; ++i) ASSERT_EQ(::read(ends[0], &seen, 1), 1) << "the process ended by itself";
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status));
    ::close(ends[0]);
  }

  TempDir directory_;
  ManualClock clock_{kStart};
  SilentLog log_;
  std::uint64_t counted_ = 0;
  double duplicates_ = 0;
};

TEST_F(AsyncTierKilled, HasCountedEveryEventOnceInTheEnd) {
  publish_all();
  for (const int after : {3, 9, 5}) ASSERT_NO_FATAL_FAILURE(consume_and_be_killed(after));
  consume(-1);
  EXPECT_EQ(counted_, static_cast<std::uint64_t>(kEvents));
}

TEST_F(AsyncTierKilled, WithNoCheckpointAtAllGoesOnFromWhatWasWrittenAhead) {
  publish_all();
  ASSERT_NO_FATAL_FAILURE(consume_and_be_killed(kSaveAfter - 1));
  ASSERT_FALSE(std::filesystem::exists(directory_.path() / "kept" / "async.checkpoint"));
  consume(-1);
  EXPECT_EQ(counted_, static_cast<std::uint64_t>(kEvents));
}

}  // namespace
}  // namespace liveops::test
