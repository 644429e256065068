#pragma once

#include <cstdint>

namespace liveops::backtest {

/// The largest mean of a Poisson distribution under which `count` or fewer still come with probability
/// 1 - `confidence`: an exact upper bound (Garwood 1936, one-sided). None in n: 3/n at 95 %.
/// Requires: 0 < confidence < 1.
[[nodiscard]] double poisson_upper_bound(std::uint64_t count, double confidence = 0.95);

}  // namespace liveops::backtest
