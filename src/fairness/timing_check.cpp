#include "fairness/timing_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace liveops::fairness {
namespace {

constexpr float kUnit = 8192;  // of the stored divergence
constexpr float kSmoothing = 0.4F;

std::size_t bin_of(float deviation) {
  const float place = deviation / TimingStats::kBinWidth + TimingStats::kMiddle;
  return static_cast<std::size_t>(std::clamp(place, 0.0F, static_cast<float>(kIntervalBins) - 1));
}

float divergence_of(const std::array<float, kIntervalBins>& shares, const TimingStats& usual) {
  float sum = 0;
  for (std::size_t bin = 0; bin < kIntervalBins; ++bin) {
    if (shares[bin] > 0) sum += shares[bin] * (std::log(shares[bin]) - usual.log_share[bin]);
  }
  return std::max(0.0F, sum);
}

/// The least of all shifts by up to two bins: the own tempo is known from few events at first.
float divergence_of_window(const PlayerState& player, const TimingStats& usual) {
  constexpr int kMostShift = 2;
  float least = std::numeric_limits<float>::max();
  for (int shift = -kMostShift; shift <= kMostShift; ++shift) {
    std::array<float, kIntervalBins> shares{};
    for (std::size_t bin = 0; bin < kIntervalBins; ++bin) {
      const int to = std::clamp(static_cast<int>(bin) + shift, 0, static_cast<int>(kIntervalBins) - 1);
      shares[static_cast<std::size_t>(to)] +=
          static_cast<float>(player.intervals[bin]) / static_cast<float>(kIntervalWindow);
    }
    least = std::min(least, divergence_of(shares, usual));
  }
  return least;
}

}  // namespace

bool TimingCheck::learn(const Scene& scene, PlayerState& player) {
  const TimingStats& usual = scene.population.timing;
  if (!scene.productive || scene.tempo().storm != 0 || usual.log_share[0] == 0) return false;
  std::uint8_t& count = player.intervals[bin_of(scene.deviation)];
  if (count < std::numeric_limits<std::uint8_t>::max()) ++count;
  player.interval_count = (player.interval_count + 1U) & 127U;
  if (player.interval_count < kIntervalWindow) return false;
  const float window = divergence_of_window(player, usual);
  const float before = divergence(player);
  // One window alone is half believed.
  const float next = before == 0 ? 0.5F * window : before + kSmoothing * (window - before);
  constexpr float kMost = std::numeric_limits<std::uint16_t>::max();
  player.divergence = static_cast<std::uint16_t>(std::min(next * kUnit + 1, kMost));
  player.intervals.fill(0);
  player.interval_count = 0;
  return true;
}

float TimingCheck::divergence(const PlayerState& player) {
  return static_cast<float>(player.divergence) / kUnit;
}

float TimingCheck::evidence(const Population& population, const PlayerState& player) {
  const TimingStats& usual = population.timing;
  if (!usual.ready || usual.common || player.divergence == 0) return 0;
  const float deviations = (std::log(divergence(player)) - usual.divergence) / usual.spread;
  if (deviations <= 0) return 0;
  // 1 / (1 - Phi(z)), from the bound phi(z) / z (1 - 1/z^2 ...) made good near 0 (Abramowitz and Stegun 26.2.13).
  constexpr float kFarthest = 11;
  const float z = std::min(deviations, kFarthest);
  return quick_exp(0.5F * z * z) * (z + std::sqrt(z * z + 2.5464791F)) * 1.2533141F;
}

}  // namespace liveops::fairness
