#pragma once

#include <algorithm>
#include <cstdint>

namespace liveops::fairness {

/// ln L of a normal score u for a shift of the mean by `delta`: delta u - delta^2 v / 2, where v >= 1 is the variance
/// of the player's own scores: whoever is more erratic than others needs more to be suspected.
[[nodiscard]] inline float shift_ratio(float score, float delta, std::uint16_t variance);

/// Takes a score into the stored variance. `samples`: learnt from so far.
inline void learn_variance(std::uint16_t& variance, float score, std::uint32_t samples);

/// How far a baseline follows a residual: quickly at first, later so slowly that nobody drags it along. 3/(n+3) makes
/// the first events count less and less as more is known: who learns to play is soon compared with what he can now.
[[nodiscard]] inline float pace_of_learning(std::uint32_t samples) {
  constexpr float kSlowest = 3e-4F;
  return std::max(kSlowest, 3.0F / (static_cast<float>(samples) + 3.0F));
}

/// The step of a baseline for one value: its score as a normal one within +-1, in spreads. Scores, and not residuals,
/// since these are centred for the population as a whole: else baselines, which would follow means, and the levels of
/// the population, which are medians, would drift away together.
[[nodiscard]] inline float step_of_learning(float score, float spread, std::uint32_t samples) {
  return pace_of_learning(samples) * spread * std::clamp(score, -1.0F, 1.0F);
}

namespace shift_detail {
inline constexpr float kVarianceUnit = 8192;  // stored v is (variance - 1) here, within 0..8
}

inline float shift_ratio(float score, float delta, std::uint16_t variance) {
  const float excess = static_cast<float>(variance) / shift_detail::kVarianceUnit;
  return delta * score - 0.5F * delta * delta * (1.0F + excess);
}

inline void learn_variance(std::uint16_t& variance, float score, std::uint32_t samples) {
  constexpr float kSlowest = 1e-3F;
  constexpr float kMostExcess = 2;
  const float pace = std::max(kSlowest, 1.0F / (static_cast<float>(samples) + 50.0F));
  const float excess = static_cast<float>(variance) / shift_detail::kVarianceUnit;
  const float next = excess + pace * (std::min(score * score, 4.0F) - 1.0F - excess);
  variance = static_cast<std::uint16_t>(std::clamp(next, 0.0F, kMostExcess) * shift_detail::kVarianceUnit + 0.5F);
}

}  // namespace liveops::fairness
