#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "fairness/player_state.hpp"
#include "fairness/quantiles.hpp"

namespace liveops::fairness {

/// The exponent eta of L^eta for one account, learnt from how its evidence is spread across players.
///
/// Evidence of honest players has a tail of index kappa, where E[L^kappa] = 1 (Kesten 1973): 1 when the model is right,
/// less when events of one player resemble each other more than it knows. In the continuous limit R is 1/Exp times a
/// constant, whose 85th percentile lies 1.45 above its median in ln; how much wider it is tells kappa, and eta moves
/// until that is 1. Both are quantiles of the middle of the population: few cheats do not move them.
[[nodiscard]] inline float tempered(float eta, std::size_t account, std::vector<float> evidence) {
  constexpr std::size_t kFewest = 100;
  constexpr float kUsualRange = 1.45F;
  constexpr float kLeastMedian = 2;  // below it hardly anything was added up
  constexpr float kGain = 0.1F;
  constexpr float kLeast = 0.1F;
  if (evidence.size() < kFewest) return eta;
  const float median = quantile_of(evidence, 0.5);
  const float upper = quantile_of(evidence, 0.85);
  if (median < kLeastMedian || upper <= median) return eta;
  const float kappa = kUsualRange / std::log(upper / median);
  const float step = kGain * std::clamp(std::log(kappa), -1.0F, 0.5F);
  constexpr std::array<float, kAccounts> kMost{0.3F, 0.5F, 0.5F, 0.5F, 0.5F, 0.25F, 0.6F};
  return std::clamp(eta * std::exp(step), kLeast, kMost[account]);
}

}  // namespace liveops::fairness
