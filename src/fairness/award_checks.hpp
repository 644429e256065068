#pragma once

#include "fairness/check.hpp"

namespace liveops::fairness {

/// Do awards lie above what the player and everybody else usually gets? A shift by one normal score.
///
/// The own level follows by max(3e-4, 3/(n+3)) of a residual clipped to one spread, so that nobody drags it along
/// quickly, and counts only up to `highest_own`, so that whoever cheats from the first day has no excuse either.
template <Lane OfLane>
struct LevelCheck {
  static constexpr Account kAccount = OfLane == Lane::score ? Account::score_level : Account::xp_level;
  static constexpr auto kIndex = static_cast<std::size_t>(OfLane);
  [[nodiscard]] static bool applies(const Scene& scene) { return scene.lanes[kIndex].judged; }
  [[nodiscard]] static float weigh(const Scene& scene, PlayerState& player);
  static void learn(const Scene& scene, PlayerState& player);
};
static_assert(EvidenceCheck<LevelCheck<Lane::score>> && EvidenceCheck<LevelCheck<Lane::xp>>);

/// Are there too many awards that hardly anybody gets? One in a hundred lies above the population's 99th percentile;
/// against that, eight in a hundred, and of three times the excess (in ln). L is bounded by what the samples vouch for.
template <Lane OfLane>
struct TailCheck {
  static constexpr Account kAccount = OfLane == Lane::score ? Account::score_tail : Account::xp_tail;
  static constexpr auto kIndex = static_cast<std::size_t>(OfLane);
  [[nodiscard]] static bool applies(const Scene& scene) { return scene.lanes[kIndex].judged; }
  [[nodiscard]] static float weigh(const Scene& scene, PlayerState& player);
  static void learn(const Scene& scene, PlayerState& player);
};
static_assert(EvidenceCheck<TailCheck<Lane::score>> && EvidenceCheck<TailCheck<Lane::xp>>);

/// ln L of a value for a tail that is heavier than it should be.
[[nodiscard]] float tail_ratio(const Tail& tail, float value);

}  // namespace liveops::fairness
