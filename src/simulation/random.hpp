#pragma once

#include <cstdint>

namespace liveops::simulation {

/// SplitMix64 (Steele, Lea, Flood 2014) and the distributions made from it. The standard library's distributions differ
/// from one implementation to the next; these do not.
class Random {
 public:
  /// Streams of different (seed, stream) share nothing.
  Random(std::uint64_t seed, std::uint64_t stream);

  [[nodiscard]] std::uint64_t bits();
  /// [0, 1)
  [[nodiscard]] double uniform() { return static_cast<double>(bits() >> 11U) * 0x1p-53; }
  [[nodiscard]] double uniform(double low, double high) { return low + (high - low) * uniform(); }
  [[nodiscard]] bool chance(double probability) { return uniform() < probability; }
  /// 0 .. count - 1. Requires: count > 0.
  [[nodiscard]] std::uint64_t below(std::uint64_t count) { return bits() % count; }
  /// Mean 0, deviation 1 (Box-Muller).
  [[nodiscard]] double normal();
  /// Mean 1.
  [[nodiscard]] double exponential();
  /// At least 1, with tail index `alpha`.
  [[nodiscard]] double pareto(double alpha);
  /// e^(low .. high), even in the logarithm. Requires: 0 < low <= high.
  [[nodiscard]] double log_uniform(double low, double high);

 private:
  std::uint64_t state_;
};

}  // namespace liveops::simulation
