#include "fairness/async/shift_step.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <initializer_list>

namespace liveops::fairness::async {
namespace {

constexpr StepScales kScales{.variance = 0.5F, .mood = 1e-4F, .most_slope = 1e-3F, .sign = 1};

/// Units of 200 values each.
StreamState units(std::initializer_list<float> means) {
  StreamState stream;
  for (const float mean : means) {
    stream.means[stream.next] = static_cast<std::int16_t>(std::lround(mean * kMeanSteps));
    stream.sizes[stream.next] = 200;
    stream.next = static_cast<std::uint8_t>((stream.next + 1U) % kUnits);
    if (stream.kept < kUnits) ++stream.kept;
    ++stream.units;
  }
  return stream;
}

TEST(Step, IsTheDifferenceOfTheMeans) {
  const Step step = step_of(units({0, 0.01F, -0.01F, 0, 0.3F, 0.31F}), 2, kScales);
  EXPECT_EQ(step.streams, 1U);
  EXPECT_NEAR(step.size, 0.305, 0.01);
  EXPECT_EQ(step.samples, 400U);
  EXPECT_NEAR(step.error, (0.5 / 200 + 1e-4) * (1.0 / 4 + 1.0 / 2), 1e-5);
}

TEST(Step, OfWhoRisesSteadilyIsNone) {
  const StreamState learner = units({0, 0.1F, 0.2F, 0.3F, 0.4F, 0.5F, 0.6F, 0.7F});
  for (const std::size_t span : {1U, 2U, 4U}) EXPECT_NEAR(step_of(learner, span, kScales).size, 0, 0.01) << span;
}

TEST(Step, OnTopOfARiseIsSeen) {
  const StreamState stream = units({0, 0.1F, 0.2F, 0.3F, 0.9F, 1.0F});
  EXPECT_NEAR(step_of(stream, 2, kScales).size, 0.5, 0.02);
}

TEST(Step, ARiseSteeperThanAnybodysIsNoExcuse) {
  StepScales scales = kScales;
  scales.most_slope = 1e-4F;  // 0.02 a unit
  const Step step = step_of(units({0, 0.2F, 0.4F, 0.6F, 0.8F, 1.0F}), 2, scales);
  EXPECT_NEAR(step.size, 0.6 - 3 * 0.02, 0.02);
}

TEST(Step, ShorterIntervalsCountUpwards) {
  StepScales scales = kScales;
  scales.sign = -1;
  EXPECT_NEAR(step_of(units({0, 0, 0, 0, -0.4F}), 1, scales).size, 0.4, 0.01);
}

TEST(Step, NeedsAPast) {
  EXPECT_EQ(step_of(units({0, 1}), 1, kScales).streams, 0U);
  EXPECT_EQ(step_of(units({0, 0, 1}), 2, kScales).streams, 0U);
  EXPECT_EQ(step_of(units({0, 0, 1}), 4, kScales).streams, 0U);
  EXPECT_EQ(step_of(units({0, 0, 1}), 1, kScales).streams, 1U);
}

TEST(Step, TheLongPastMakesItSurer) {
  StreamState stream = units({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.2F, 0.2F});
  const Step before = step_of(stream, 2, kScales);
  stream.base_n = 20'000;
  const Step step = step_of(stream, 2, kScales);
  EXPECT_NEAR(step.size, 0.2, 0.01);
  EXPECT_LT(step.error, before.error);
}

TEST(Slope, IsPerValue) {
  float slope = 0;
  ASSERT_TRUE(slope_of(units({0, 0.1F, 0.2F, 0.3F}), kScales, slope));
  EXPECT_NEAR(slope, 0.1 / 200, 1e-5);
  EXPECT_FALSE(slope_of(units({0, 0.1F, 0.2F}), kScales, slope)) << "too little is known";
}

}  // namespace
}  // namespace liveops::fairness::async
