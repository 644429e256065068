#include "backtest/poisson.hpp"

#include <algorithm>
#include <cmath>

namespace liveops::backtest {
namespace {

/// P(X <= count), summed downwards from the largest term so that nothing underflows.
double at_most(std::uint64_t count, double mean) {
  const auto largest = std::min(count, static_cast<std::uint64_t>(mean));
  const auto k = static_cast<double>(largest);
  const double log_term = k * std::log(mean) - mean - std::lgamma(k + 1);
  double sum = 0;
  double term = 1;
  for (std::uint64_t i = largest;; --i) {
    sum += term;
    term *= static_cast<double>(i) / mean;
    if (i == 0 || term < 1e-18 * sum) break;
  }
  term = 1;
  for (std::uint64_t i = largest + 1; i <= count; ++i) {
    term *= mean / static_cast<double>(i);
    sum += term;
    if (term < 1e-18 * sum) break;
  }
  return sum * std::exp(log_term);
}

}  // namespace

double poisson_upper_bound(std::uint64_t count, double confidence) {
  const auto n = static_cast<double>(count);
  double low = std::max(n, 1e-12);
  double high = n + 10 * std::sqrt(n + 1) - 2 * std::log1p(-confidence) + 10;
  constexpr int kSteps = 100;
  for (int i = 0; i < kSteps; ++i) {
    const double middle = (low + high) / 2;
    (at_most(count, middle) > 1 - confidence ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace liveops::backtest
