#pragma once

#include <span>
#include <vector>

#include "fairness/population.hpp"

namespace liveops::fairness {

/// Of sorted values, linear between them. Requires: not empty; 0 <= q <= 1.
[[nodiscard]] float quantile(std::span<const float> sorted, double q);

/// The same of values in any order, which it changes. Complexity: linear.
[[nodiscard]] float quantile_of(std::vector<float>& values, double q);

void sort(std::vector<float>& values);

/// Knots of sorted residuals. Where many are equal the knots are set apart by `least` a unit of score: amounts that
/// never vary still may.
[[nodiscard]] Knots knots_of(std::span<const float> sorted, float least);

/// The upper hundredth of sorted values. What too few values say is taken from the rest, on the side of caution.
[[nodiscard]] Tail tail_of(std::span<const float> sorted, float spread);

/// Median and so many robust standard deviations of the upper half. Changes the order.
[[nodiscard]] float upper_fence(std::vector<float>& values, float sigmas);

}  // namespace liveops::fairness
