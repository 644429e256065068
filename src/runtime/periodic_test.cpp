#include "runtime/periodic.hpp"

#include <gtest/gtest.h>

#include "tests/support/run_task.hpp"

namespace liveops::runtime {

namespace asio = boost::asio;

// The bodies live as long as the Periodic that calls them.
// NOLINTBEGIN(cppcoreguidelines-avoid-capturing-lambda-coroutines)

TEST(Periodic, CallsAgainAndAgainUntilStopped) {
  int calls = 0;
  Periodic* self = nullptr;
  Periodic periodic(std::chrono::milliseconds(0), [&]() -> asio::awaitable<void> {
    if (++calls == 3) self->stop();
    co_return;
  });
  self = &periodic;
  test::run(periodic.run());
  EXPECT_EQ(calls, 3);
}

TEST(Periodic, StopEndsTheWaitBetweenTwoCalls) {
  asio::io_context io(1);
  int calls = 0;
  Periodic periodic(std::chrono::hours(1), [&]() -> asio::awaitable<void> {
    ++calls;
    co_return;
  });
  auto done = asio::co_spawn(io, periodic.run(), asio::use_future);
  io.poll();
  periodic.stop();
  io.run();
  done.get();
  EXPECT_EQ(calls, 1);
}

// NOLINTEND(cppcoreguidelines-avoid-capturing-lambda-coroutines)

TEST(Periodic, StoppedBeforeItRunsItDoesNothing) {
  Periodic periodic(std::chrono::hours(1), []() -> asio::awaitable<void> {
    ADD_FAILURE() << "called";
    co_return;
  });
  periodic.stop();
  test::run(periodic.run());
}

}  // namespace liveops::runtime
