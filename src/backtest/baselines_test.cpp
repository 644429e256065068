#include "backtest/baselines.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>

#include "backtest/threshold.hpp"

namespace liveops::backtest {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr core::Timestamp kStart{seconds(1'790'000'000)};

core::Event award(std::int64_t score, core::Timestamp at) {
  core::Event event;
  event.received_at = event.occurred_at = at;
  event.payload = core::Progression{.xp = 1, .score = score};
  return event;
}

TEST(FixedThresholds, ScoresTheLargerShareOfItsLimits) {
  FixedThresholds fixed({.events_per_second = 10, .award = 1000});
  const core::Event small = award(100, kStart);
  EXPECT_DOUBLE_EQ(fixed.score({.event = &small}), 0.1);
  const core::Event large = award(2000, kStart + milliseconds(1));
  EXPECT_DOUBLE_EQ(fixed.score({.event = &large}), 2);
  double last = 0;
  for (int i = 0; i < 30; ++i) {
    const core::Event next = award(1, kStart + milliseconds(2 + i));
    last = fixed.score({.event = &next});
  }
  EXPECT_DOUBLE_EQ(last, 3.2);
}

TEST(RateOnly, FillsWithEventsAndDrainsWithTime) {
  RateOnly rate(2);
  const core::Event first = award(1, kStart);
  EXPECT_DOUBLE_EQ(rate.score({.event = &first}), 1);
  EXPECT_DOUBLE_EQ(rate.score({.event = &first}), 2);
  const core::Event later = award(1, kStart + milliseconds(500));
  EXPECT_DOUBLE_EQ(rate.score({.event = &later}), 2);
  EXPECT_DOUBLE_EQ(rate.score({.event = &later, .player = 1}), 1);
}

TEST(PersonalZ, AnAwardFarAboveOnesOwnStandsOut) {
  PersonalZ z;
  double usual = 0;
  for (int i = 0; i < 200; ++i) {
    const core::Event event = award(1000 + 100 * (i % 7), kStart + seconds(i));
    usual = z.score({.event = &event});
  }
  EXPECT_LT(usual, 3);
  const core::Event cheat = award(100'000, kStart + seconds(300));
  EXPECT_GT(z.score({.event = &cheat}), 10);
}

TEST(Threshold, FlagsAsManyPlayerDaysAsAreAllowed) {
  DailyHighs highs;
  for (std::uint32_t player = 0; player < 100; ++player) {
    const core::Event event = award(1, kStart);
    highs.add({.event = &event, .player = player}, player);
    highs.add({.event = &event, .player = player}, 0);  // the same day
  }
  EXPECT_EQ(highs.player_days(), 100U);
  EXPECT_NEAR(highs.threshold_for(0.1), 89, 1e-6);  // 90 .. 99 exceed it
  EXPECT_NEAR(highs.threshold_for(0), 99, 1e-6);
}

TEST(BaselineJudge, FlagsAndRefusesAboveTheThreshold) {
  BaselineJudge judge(std::make_unique<RateOnly>(1), 2.5);
  const core::Event event = award(1, kStart);
  Judgement judgement;
  for (int i = 0; i < 2; ++i) judge.judge({.event = &event}, judgement);
  EXPECT_FALSE(judgement.refused);
  judge.judge({.event = &event}, judgement);
  EXPECT_TRUE(judgement.refused);
  ASSERT_EQ(judgement.actions.size(), 1U);
  EXPECT_EQ(judgement.actions.front().rule, "GCRA only");
}

}  // namespace
}  // namespace liveops::backtest
