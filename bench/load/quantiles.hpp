#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace liveops::bench {

/// The value that a share `quantile` (0..1) of `samples` does not exceed; 0 without samples. Reorders them.
template <class T>
[[nodiscard]] T quantile_of(std::vector<T>& samples, double quantile) {
  if (samples.empty()) return T{};
  const auto place = static_cast<std::size_t>(quantile * static_cast<double>(samples.size() - 1));
  const auto nth = samples.begin() + static_cast<std::ptrdiff_t>(place);
  std::nth_element(samples.begin(), nth, samples.end());
  return *nth;
}

}  // namespace liveops::bench
