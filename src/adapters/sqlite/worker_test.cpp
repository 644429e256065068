#include "adapters/sqlite/worker.hpp"

#include <gtest/gtest.h>

#include <latch>

#include "tests/support/run_task.hpp"

namespace liveops::adapters::sqlite {
namespace {

TEST(Worker, GivesTheJobsResultBackToTheCaller) {
  Worker worker("test");
  EXPECT_EQ(test::run(worker.run([]() -> core::Result<int> { return 42; })).value(), 42);
}

TEST(Worker, RunsJobsOnAThreadOfItsOwn) {
  Worker worker("test");
  const auto id = test::run(worker.run([]() -> core::Result<std::thread::id> { return std::this_thread::get_id(); }));
  EXPECT_NE(id.value(), std::this_thread::get_id());
}

TEST(Worker, RefusesAtOnceWhenItsQueueIsFull) {
  std::latch started(1);
  std::latch release(1);
  Worker worker("test", 1);  // last: its thread may still look at the latches
  ASSERT_TRUE(worker.post([&] {
    started.count_down();
    release.wait();
  }));
  started.wait();
  ASSERT_TRUE(worker.post([] {}));
  EXPECT_FALSE(worker.post([] {}));
  const auto refused = test::run(worker.run([]() -> core::Result<int> { return 1; }));
  EXPECT_EQ(refused.error().code, core::Errc::unavailable);
  release.count_down();
}

TEST(Worker, FinishesWhatIsQueuedBeforeItEnds) {
  int done = 0;
  {
    Worker worker("test");
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(worker.post([&done] { ++done; }));
  }
  EXPECT_EQ(done, 100);
}

}  // namespace
}  // namespace liveops::adapters::sqlite
