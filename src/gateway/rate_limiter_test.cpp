#include "gateway/rate_limiter.hpp"

#include <gtest/gtest.h>

namespace liveops::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr core::Timestamp kNow{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)};
const core::KeyId kKey = core::KeyId::trusted("k1");

TEST(RateLimiter, LetsABurstThroughAndThenTheRate) {
  RateLimiter limiter({.events_per_second = 10, .burst = 5});
  for (int n = 0; n < 5; ++n) EXPECT_TRUE(limiter.take(kKey, 1, kNow).allowed);
  EXPECT_FALSE(limiter.take(kKey, 1, kNow).allowed);
  EXPECT_FALSE(limiter.take(kKey, 1, kNow + milliseconds(99)).allowed);
  EXPECT_TRUE(limiter.take(kKey, 1, kNow + milliseconds(101)).allowed);
}

TEST(RateLimiter, TakesNothingWhenItRefuses) {
  RateLimiter limiter({.events_per_second = 1, .burst = 10});
  ASSERT_TRUE(limiter.take(kKey, 4, kNow).allowed);
  const auto refused = limiter.take(kKey, 9, kNow);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.remaining, 6U);
  EXPECT_EQ(refused.wait_seconds, 3U);
  EXPECT_TRUE(limiter.take(kKey, 6, kNow).allowed);
}

TEST(RateLimiter, WaitingAsLongAsItSaysIsEnough) {
  RateLimiter limiter({.events_per_second = 3, .burst = 100});
  ASSERT_TRUE(limiter.take(kKey, 100, kNow).allowed);
  const auto refused = limiter.take(kKey, 10, kNow);
  EXPECT_TRUE(limiter.take(kKey, 10, kNow + seconds(refused.wait_seconds)).allowed);
}

TEST(RateLimiter, NeverHoldsMoreThanItsBurst) {
  RateLimiter limiter({.events_per_second = 1000, .burst = 5});
  ASSERT_TRUE(limiter.take(kKey, 1, kNow).allowed);
  EXPECT_EQ(limiter.take(kKey, 1, kNow + seconds(3600)).remaining, 4U);
}

TEST(RateLimiter, KeepsKeysApart) {
  RateLimiter limiter({.events_per_second = 1, .burst = 1});
  EXPECT_TRUE(limiter.take(kKey, 1, kNow).allowed);
  EXPECT_TRUE(limiter.take(core::KeyId::trusted("k2"), 1, kNow).allowed);
  EXPECT_FALSE(limiter.take(kKey, 1, kNow).allowed);
}

TEST(RateLimiter, AClockThatIsSetBackGivesAndTakesNothing) {
  RateLimiter limiter({.events_per_second = 1, .burst = 2});
  ASSERT_TRUE(limiter.take(kKey, 2, kNow).allowed);
  EXPECT_FALSE(limiter.take(kKey, 1, kNow - seconds(100)).allowed);
  EXPECT_TRUE(limiter.take(kKey, 1, kNow - seconds(99)).allowed);
}

TEST(RateLimiter, ForgetsTheLongestIdleKeyAtItsBound) {
  RateLimiter limiter({.events_per_second = 0.001, .burst = 1, .max_keys = 2});
  const auto key = [](int n) { return core::KeyId::trusted("k" + std::to_string(n)); };
  ASSERT_TRUE(limiter.take(key(1), 1, kNow).allowed);
  ASSERT_TRUE(limiter.take(key(2), 1, kNow + seconds(1)).allowed);
  ASSERT_TRUE(limiter.take(key(3), 1, kNow + seconds(2)).allowed);
  EXPECT_FALSE(limiter.take(key(2), 1, kNow + seconds(3)).allowed);
  EXPECT_TRUE(limiter.take(key(1), 1, kNow + seconds(4)).allowed);
}

TEST(RateLimiter, DescribesItselfInTheHeadersOfTheDraft) {
  RateLimiter limiter({.events_per_second = 10, .burst = 100});
  core::http::Response response;
  limiter.describe(limiter.take(kKey, 30, kNow), response);
  const std::vector<std::pair<std::string, std::string>> expected{{"RateLimit-Policy", R"("events";q=100;w=10)"},
                                                                  {"RateLimit", R"("events";r=70;t=1)"}};
  EXPECT_EQ(response.headers, expected);
}

}  // namespace
}  // namespace liveops::gateway
