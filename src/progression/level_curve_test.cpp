#include "progression/level_curve.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/event.hpp"

namespace liveops::progression {
namespace {

core::LevelRules rules(std::vector<std::int64_t> table, std::int64_t base, double exponent, int max_level) {
  return {.thresholds = std::move(table), .base = base, .exponent = exponent, .max_level = max_level};
}

TEST(LevelCurve, TakesTheTableFirstAndTheFormulaAfterIt) {
  const LevelCurve curve(rules({100, 250}, 10, 1.0, 5));
  EXPECT_EQ(curve.level_of(0), 1);
  EXPECT_EQ(curve.level_of(99), 1);
  EXPECT_EQ(curve.level_of(100), 2);
  EXPECT_EQ(curve.level_of(250), 3);
  EXPECT_EQ(curve.threshold_of(4), 280);  // 250 + 10 * 3
  EXPECT_EQ(curve.threshold_of(5), 320);
  EXPECT_EQ(curve.threshold_of(6), std::nullopt);
}

TEST(LevelCurve, StopsAtTheTopLevel) {
  const LevelCurve curve(rules({100, 250, 300, 400}, 10, 1.0, 3));
  EXPECT_EQ(curve.top_level(), 3);
  EXPECT_EQ(curve.level_of(core::kMaxExactInteger), 3);
  EXPECT_EQ(curve.next_threshold(250), std::nullopt);
}

TEST(LevelCurve, NamesTheXpThatTheNextLevelNeeds) {
  const LevelCurve curve(rules({100, 250}, 10, 1.0, 3));
  EXPECT_EQ(curve.next_threshold(0), 100);
  EXPECT_EQ(curve.next_threshold(100), 250);
}

TEST(LevelCurve, EndsWhereExactIntegersEnd) {
  const LevelCurve curve(rules({}, core::kMaxExactInteger / 2, 3.0, 1000));
  EXPECT_LT(curve.top_level(), 1000);
  EXPECT_LE(curve.threshold_of(curve.top_level()).value(), core::kMaxExactInteger);
}

TEST(LevelCurve, NeverFallsAndItsThresholdsAreExactlyWhereLevelsBegin) {
  EXPECT_TRUE(rc::check([] {
    const auto base = *rc::gen::inRange<std::int64_t>(0, 1'000'000);
    const double exponent = *rc::gen::inRange(0, 400) / 100.0;
    const LevelCurve curve(rules({}, base, exponent, *rc::gen::inRange(1, 300)));
    for (int level = 2; level <= curve.top_level(); ++level) {
      const auto begins = curve.threshold_of(level).value();
      RC_ASSERT(curve.level_of(begins) == level);
      RC_ASSERT(curve.level_of(begins - 1) == level - 1);
      RC_ASSERT(curve.next_threshold(begins - 1) == begins);
    }
    const auto a = *rc::gen::inRange<std::int64_t>(0, core::kMaxExactInteger);
    const auto b = *rc::gen::inRange<std::int64_t>(a, core::kMaxExactInteger);
    RC_ASSERT(curve.level_of(a) <= curve.level_of(b));
  }));
}

}  // namespace
}  // namespace liveops::progression
