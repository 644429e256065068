#include "adapters/http/refusal_pacer.hpp"

#include <gtest/gtest.h>

namespace liveops::adapters::http {
namespace {

using namespace std::chrono_literals;
using Clock = RefusalPacer::Clock;

constexpr RefusalPacer::Options kOptions{.per_second = 100, .burst = 5, .max_hold = 1000ms};  // one in 10 ms
const Clock::time_point kStart = Clock::time_point(1h);

TEST(RefusalPacerTest, NobodyWaitsWithinTheBurst) {
  RefusalPacer pacer(kOptions);
  for (int i = 0; i < kOptions.burst; ++i) EXPECT_EQ(pacer.next_hold(kStart), 0ms);
  EXPECT_EQ(pacer.next_hold(kStart), 10ms);
}

TEST(RefusalPacerTest, NobodyWaitsBelowTheRate) {
  RefusalPacer pacer(kOptions);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(pacer.next_hold(kStart + i * 10ms), 0ms);
}

TEST(RefusalPacerTest, BeyondTheBurstEachWaitsForItsTurn) {
  RefusalPacer pacer(kOptions);
  for (int i = 0; i < kOptions.burst; ++i) static_cast<void>(pacer.next_hold(kStart));
  for (int i = 1; i <= 20; ++i) EXPECT_EQ(pacer.next_hold(kStart), i * 10ms);
}

TEST(RefusalPacerTest, NobodyWaitsLongerThanTheMost) {
  RefusalPacer pacer(kOptions);
  Clock::duration longest{};
  for (int i = 0; i < 100'000; ++i) longest = std::max(longest, pacer.next_hold(kStart));
  EXPECT_EQ(longest, kOptions.max_hold);
}

TEST(RefusalPacerTest, ItIsOverSoonAfterTheRefusalsAre) {
  RefusalPacer pacer(kOptions);
  for (int i = 0; i < 100'000; ++i) static_cast<void>(pacer.next_hold(kStart));
  const auto later = kStart + kOptions.max_hold + 10ms * (kOptions.burst + 1);
  EXPECT_EQ(pacer.next_hold(later), 0ms);
}

}  // namespace
}  // namespace liveops::adapters::http
