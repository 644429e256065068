#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <random>
#include <set>

#include "tests/contract/bus/bus_local_fixture.hpp"

namespace liveops::test {

namespace asio = boost::asio;
namespace bus_local = adapters::bus_local;
using ports::Topic;

namespace {

/// Publishes numbers from `next` on, for ever, and writes each to the pipe once it is stored.
asio::awaitable<void> publish_for_ever(ports::EventBus& bus, std::uint32_t& next, int pipe_end) {
  while (true) {
    const std::uint32_t n = next;
    next += 2;
    const auto outcomes = co_await bus.publish(Topic::events, envelopes(n, 2));
    if (!outcomes) _exit(2);
    for (std::uint32_t i = 0; i < 2; ++i) {
      const std::uint32_t stored = n + i;
      if (outcomes->at(i) != ports::PublishOutcome::stored) _exit(3);
      if (write(pipe_end, &stored, sizeof stored) != sizeof stored) _exit(4);
    }
  }
}

[[noreturn]] void run_publisher(const std::filesystem::path& directory, std::uint32_t first, int pipe_end) {
  const core::SystemClock clock;
  SilentLog log;
  auto bus = bus_local::EventBus::open(directory, {}, clock, log);
  if (!bus) _exit(1);
  asio::io_context io(1);
  for (int i = 0; i < 8; ++i) asio::co_spawn(io, publish_for_ever(**bus, first, pipe_end), asio::detached);
  io.run();
  _exit(0);
}

/// Reads numbers until `count` have come, kills the child, and reads what it had still reported.
std::vector<std::uint32_t> collect_and_kill(pid_t child, int pipe_end, std::size_t count) {
  std::vector<std::uint32_t> stored;
  std::uint32_t n = 0;
  while (read(pipe_end, &n, sizeof n) == sizeof n) {
    stored.push_back(n);
    if (stored.size() == count) kill(child, SIGKILL);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the publisher ended by itself, status " << status;
  return stored;
}

}  // namespace

TEST(LocalEventBusCrash, WhatWasReportedStoredIsDeliveredAfterSigkill) {
  const TempDir directory;
  std::mt19937 random(11);
  std::set<std::uint32_t> promised;
  for (std::uint32_t round = 0; round < 10; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      close(ends[0]);
      run_publisher(directory.path(), round * 1'000'000, ends[1]);
    }
    close(ends[1]);
    const auto stored = collect_and_kill(child, ends[0], std::uniform_int_distribution<std::size_t>(1, 300)(random));
    close(ends[0]);
    promised.insert(stored.begin(), stored.end());
  }

  const core::SystemClock clock;
  SilentLog log;
  auto bus = bus_local::EventBus::open(directory.path(), {}, clock, log);
  ASSERT_TRUE(bus.has_value()) << bus.error().message;
  const auto consumer = *run((*bus)->open_consumer(Topic::events, "g"));
  std::set<std::uint32_t> delivered;
  while (run(consumer->backlog())->messages > 0) {
    const auto batch = *run(consumer->receive(500, std::chrono::milliseconds(0)));
    ASSERT_FALSE(batch.empty());
    for (const auto& delivery : batch) {
      EXPECT_EQ(delivery.envelope, envelope(number_of(delivery.envelope)));
      delivered.insert(number_of(delivery.envelope));
    }
    ASSERT_TRUE(run(consumer->ack(tags_of(batch))).has_value());
  }
  EXPECT_TRUE(std::ranges::includes(delivered, promised));
}

}  // namespace liveops::test
