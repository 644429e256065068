#include "backtest/poisson.hpp"

#include <gtest/gtest.h>

namespace liveops::backtest {
namespace {

// Half the 95 % quantile of chi-square with 2 (count + 1) degrees of freedom, from its tables.
TEST(PoissonBound, IsThatOfTheTables) {
  EXPECT_NEAR(poisson_upper_bound(0), 2.9957, 1e-4);
  EXPECT_NEAR(poisson_upper_bound(1), 4.7439, 1e-4);
  EXPECT_NEAR(poisson_upper_bound(2), 6.2958, 1e-4);
  EXPECT_NEAR(poisson_upper_bound(5), 10.5130, 1e-4);
  EXPECT_NEAR(poisson_upper_bound(10), 16.9622, 1e-4);
}

TEST(PoissonBound, HoldsForLargeCounts) {
  EXPECT_NEAR(poisson_upper_bound(100), 118.079, 1e-2);
  EXPECT_NEAR(poisson_upper_bound(1000), 1053.60, 1e-1);
}

TEST(PoissonBound, MoreConfidenceIsFurtherOut) {
  EXPECT_NEAR(poisson_upper_bound(0, 0.99), 4.6052, 1e-4);
  EXPECT_GT(poisson_upper_bound(7, 0.99), poisson_upper_bound(7, 0.95));
}

}  // namespace
}  // namespace liveops::backtest
