#include "runtime/signal.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>

#include "tests/support/run_task.hpp"

namespace liveops::runtime {

namespace asio = boost::asio;

TEST(Signal, WhatWasAnnouncedSinceTheLookEndsTheWaitAtOnce) {
  Signal signal;
  const auto seen = signal.version();
  signal.notify();
  test::run(signal.wait(seen, std::chrono::hours(1)));
}

TEST(Signal, AWaitEndsAtItsTime) {
  Signal signal;
  test::run(signal.wait(signal.version(), std::chrono::milliseconds(0)));
}

TEST(Signal, AnotherThreadWakesEveryWaiterOnItsOwnExecutor) {
  Signal signal;
  std::atomic<int> woken{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      test::run(signal.wait(0, std::chrono::hours(1)));
      ++woken;
    });
  }
  signal.notify();
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(woken.load(), 3);
}

TEST(Signal, AnExecutorMayGoAwayUnderItsWaiters) {
  Signal signal;
  {
    asio::io_context io(1);
    asio::co_spawn(io, signal.wait(0, std::chrono::hours(1)), asio::detached);
    io.poll();
  }
  signal.notify();
}

}  // namespace liveops::runtime
