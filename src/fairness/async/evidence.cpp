#include "fairness/async/evidence.hpp"

#include <algorithm>
#include <cmath>

namespace liveops::fairness::async {
namespace {

constexpr double kLeastP = 1e-300;
constexpr double kNearOne = 0.999;  // beyond it the quotient below loses its digits

}  // namespace

double e_value_of(double p) {
  p = std::clamp(p, kLeastP, 1.0);
  if (p > kNearOne) return 0.5;
  const double log_p = std::log(p);
  return (1 - p + p * log_p) / (p * log_p * log_p);
}

double e_value_of_once_in(double once_in) {
  return e_value_of(1 / std::max(1.0, once_in));
}

std::size_t e_bh(std::span<const double> descending, std::size_t n, double fdr) {
  std::size_t listed = 0;
  for (std::size_t k = 1; k <= descending.size(); ++k) {
    if (static_cast<double>(k) * descending[k - 1] * fdr >= static_cast<double>(n)) listed = k;
  }
  return listed;
}

}  // namespace liveops::fairness::async
