#include "adapters/store_postgres/leaderboard/timed_leases.hpp"

#include <gtest/gtest.h>

#include "tests/contract/leaderboard/postgres_stores.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run_task.hpp"

namespace liveops {
namespace {

using adapters::store_postgres::leaderboard::TimedLeases;

class TimedLeasesTest : public ::testing::Test {
 protected:
  core::Result<bool> acquire(const char* holder, std::chrono::seconds off) {
    const test::ManualClock clock(core::SystemClock().now() + off);
    TimedLeases leases(stores_.leases(), stores_.pool(), clock);
    return test::run(leases.acquire({"n", holder, std::chrono::hours(1)}));
  }
  core::Result<bool> renew(const char* holder, std::chrono::seconds off) {
    const test::ManualClock clock(core::SystemClock().now() + off);
    TimedLeases leases(stores_.leases(), stores_.pool(), clock);
    return test::run(leases.renew({"n", holder, std::chrono::hours(1)}));
  }

  contract::PostgresStores stores_;
};

TEST_F(TimedLeasesTest, AMachineWithAWrongClockGetsNone) {
  const auto fast = acquire("fast", std::chrono::minutes(2));
  ASSERT_FALSE(fast);
  EXPECT_EQ(fast.error().code, core::Errc::unavailable);
  EXPECT_TRUE(fast.error().message.contains("s ahead of the database's")) << fast.error().message;
  const auto slow = acquire("slow", -std::chrono::minutes(2));
  ASSERT_FALSE(slow);
  EXPECT_TRUE(slow.error().message.contains("s behind the database's")) << slow.error().message;
  EXPECT_TRUE(acquire("right", std::chrono::seconds(0)).value()) << "the lease is free";
}

TEST_F(TimedLeasesTest, AHolderWhoseClockGoesWrongCannotKeepIt) {
  EXPECT_TRUE(acquire("a", std::chrono::seconds(1)).value()) << "a second is no matter";
  EXPECT_TRUE(renew("a", std::chrono::seconds(0)).value());
  EXPECT_FALSE(renew("a", std::chrono::minutes(2)));
}

}  // namespace
}  // namespace liveops
