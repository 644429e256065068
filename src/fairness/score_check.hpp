#pragma once

#include <cstdint>
#include <optional>

#include "core/rules.hpp"
#include "fairness/decision.hpp"
#include "fairness/player_state.hpp"
#include "fairness/population.hpp"

namespace liveops::fairness {

/// Do a player's awards lie above what he and his peers usually get?
///
/// On the scale x = ln(amount + 1), with the population's level and spread: z = (x - level) / spread. The residual
/// against the player's own base, u = clamp(z - base, -3, 3), feeds a one-sided CUSUM S = max(0, S + u - 0.5) (Page
/// 1954). The base follows by max(3e-4, 2/(n+1)) of a residual clipped to one spread, so that nobody drags it along
/// quickly, and counts only up to the population's `highest_base`, so that whoever cheats from the first day has no
/// excuse either. No judgement before `min_population` players and `min_personal` own events. Threads: any (const).
class ScoreCheck {
 public:
  explicit ScoreCheck(const core::ScoreRules& rules) : rules_(rules) {}

  /// Judges one award, then learns from it. A finding asks for `throttle` at `throttle_at` (and S starts again from 0),
  /// or merely flags when `flag_at` is first reached; the flag falls once S is back at 0.
  [[nodiscard]] std::optional<Finding> judge(PlayerState& player, const Award& award,
                                             const Population& population) const;

  [[nodiscard]] const core::ScoreRules& rules() const { return rules_; }

 private:
  void accumulate(PlayerState& player, std::size_t channel, float x, const Population& population) const;

  core::ScoreRules rules_;
};

}  // namespace liveops::fairness
