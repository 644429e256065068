#include "adapters/aws/retry.hpp"

#include <gtest/gtest.h>

namespace liveops::adapters::aws {

using std::chrono::milliseconds;

TEST(RetryBudget, EndsRetriesUntilCallsSucceedAgain) {
  RetryBudget budget;
  int retries = 0;
  while (budget.take()) ++retries;
  EXPECT_EQ(retries, 100);
  for (int i = 0; i < 4; ++i) budget.give_back(false);
  EXPECT_FALSE(budget.take());
  budget.give_back(false);
  EXPECT_TRUE(budget.take());
}

TEST(RetryBudget, IsNeverMoreThanFull) {
  RetryBudget budget;
  budget.give_back(true);
  EXPECT_EQ(budget.tokens(), RetryBudget::kTokens);
}

TEST(Backoff, StaysBelowTheDoubledFirstDelayAndItsCap) {
  Backoff backoff(7);
  milliseconds longest{0};
  for (int i = 0; i < 1000; ++i) {
    EXPECT_LE(backoff.delay(1, false), milliseconds(50));
    EXPECT_LE(backoff.delay(3, false), milliseconds(200));
    EXPECT_LE(backoff.delay(1000, true), milliseconds(20'000));
    longest = std::max(longest, backoff.delay(3, true));
  }
  EXPECT_GT(longest, milliseconds(3500));
  EXPECT_LE(longest, milliseconds(4000));
}

}  // namespace liveops::adapters::aws
