#pragma once

#include "fairness/check.hpp"

namespace liveops::fairness {

/// Is the player quicker than he and everybody else ever was? A shift by one normal score.
///
/// An interval that a stall explains is no evidence: after a gap longer than 99 of 100, events may come as close
/// together as it takes to make up for it. Intervals under 30 ms are one delivery, and not seen at all.
struct TempoCheck {
  static constexpr Account kAccount = Account::tempo;
  [[nodiscard]] static bool applies(const Scene& scene) { return scene.tempo_judged; }
  [[nodiscard]] static float weigh(const Scene& scene, PlayerState& player);
  static void learn(const Scene& scene, PlayerState& player);
};
static_assert(EvidenceCheck<TempoCheck>);

}  // namespace liveops::fairness
