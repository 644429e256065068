#include "fairness/quantiles.hpp"

#include <algorithm>
#include <boost/sort/pdqsort/pdqsort.hpp>
#include <cmath>

namespace liveops::fairness {
namespace {

constexpr float kQuartileToSigma = 1.4826F;  // 1 / 0.6745
constexpr float kLogTen = 2.302585F;
constexpr double kDoubts = 1.5;  // in standard deviations
constexpr double kLeastOfHundredth = 0.25;
constexpr float kVouched = 1.6F;  // -ln(0.2): a fifth of the rarest that the samples could have shown

double share_below(float score) {
  return 0.5 * std::erfc(-static_cast<double>(score) * 0.70710678118);
}

float mean_excess(std::span<const float> above, float from) {
  // By the median, which one freak value does not move: that of an exponential law is ln 2 of its mean.
  const float median = quantile(above, 0.5) - from;
  return median / 0.693147F;
}

}  // namespace

float quantile(std::span<const float> sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  if (below + 1 >= sorted.size()) return sorted.back();
  const auto part = static_cast<float>(at - static_cast<double>(below));
  return sorted[below] + part * (sorted[below + 1] - sorted[below]);
}

float quantile_of(std::vector<float>& values, double q) {
  const double at = q * static_cast<double>(values.size() - 1);
  const auto below = values.begin() + static_cast<std::ptrdiff_t>(at);
  std::nth_element(values.begin(), below, values.end());
  if (below + 1 == values.end()) return *below;
  const auto part = static_cast<float>(at - std::floor(at));
  return *below + part * (*std::min_element(below + 1, values.end()) - *below);
}

void sort(std::vector<float>& values) {
  // Quicker than std::sort. Boost's float_sort is no quicker here, and overflows on numbers of both signs.
  boost::sort::pdqsort_branchless(values.begin(), values.end());
}

Knots knots_of(std::span<const float> sorted, float least) {
  Knots knots;
  constexpr std::size_t kMiddle = kKnots / 2;
  for (std::size_t i = 0; i < kKnots; ++i) knots.at[i] = quantile(sorted, share_below(Knots::kScores[i]));
  for (std::size_t i = kMiddle + 1; i < kKnots; ++i) {
    const float gap = least * (Knots::kScores[i] - Knots::kScores[i - 1]);
    knots.at[i] = std::max(knots.at[i], knots.at[i - 1] + gap);
  }
  for (std::size_t i = kMiddle; i-- > 0;) {
    const float gap = least * (Knots::kScores[i + 1] - Knots::kScores[i]);
    knots.at[i] = std::min(knots.at[i], knots.at[i + 1] - gap);
  }
  return knots;
}

Tail tail_of(std::span<const float> sorted, float spread) {
  constexpr std::size_t kForThousandth = 4000;
  Tail tail;
  // Where the 99th percentile lies is known from n/100 values: so much the further out it is looked for.
  const double rarest = 0.01 * static_cast<double>(sorted.size());
  tail.q99 = quantile(sorted, 1 - 0.01 * std::max(kLeastOfHundredth, 1 - kDoubts / std::sqrt(std::max(1.0, rarest))));
  const auto above = sorted.subspan(static_cast<std::size_t>(0.99 * static_cast<double>(sorted.size() - 1)));
  const float excess = mean_excess(above, tail.q99);
  const float extrapolated = tail.q99 + kLogTen * excess;
  tail.q999 = std::max(quantile(sorted, 0.999), extrapolated);
  if (sorted.size() >= kForThousandth) tail.q999 = quantile(sorted, 0.999);
  tail.q999 = std::max(tail.q999, tail.q99 + 0.5F * spread);
  tail.slope = std::max(excess, (tail.q999 - tail.q99) / kLogTen);
  tail.most = std::max(0.0F, std::log(0.01F * static_cast<float>(sorted.size())) + kVouched);
  return tail;
}

float upper_fence(std::vector<float>& values, float sigmas) {
  const float median = quantile_of(values, 0.5);
  return median + sigmas * kQuartileToSigma * (quantile_of(values, 0.75) - median);
}

}  // namespace liveops::fairness
