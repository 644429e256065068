#include "fairness/population.hpp"

#include <algorithm>
#include <cmath>

namespace liveops::fairness {
namespace {

constexpr float kFarthest = 3;
constexpr float kLogTen = 2.302585F;

}  // namespace

float Knots::score(float residual) const {
  std::size_t right = 1;  // counted instead of searched: which one it is cannot be foreseen
  for (std::size_t knot = 1; knot + 1 < kKnots; ++knot) right += residual > at[knot] ? 1 : 0;
  const float slope = (kScores[right] - kScores[right - 1]) / (at[right] - at[right - 1]);
  return std::clamp(kScores[right - 1] + (residual - at[right - 1]) * slope, -kFarthest, kFarthest);
}

float Tail::surprise(float value) const {
  const float beyond = value - q99;
  if (beyond <= 0) return 0;
  const float hundredth = q999 - q99;
  const float surprise = value <= q999 ? kLogTen * beyond / hundredth : kLogTen + (value - q999) / slope;
  return std::min(surprise, most);
}

double Tail::quantile(float value) const {
  return 1 - 0.01 * std::exp(-static_cast<double>(surprise(value)));
}

}  // namespace liveops::fairness
