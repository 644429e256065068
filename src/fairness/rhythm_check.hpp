#pragma once

#include "fairness/check.hpp"

namespace liveops::fairness {

/// Does a clock play? A bot's interval is like the one before it, again and again; a person's seldom is.
///
/// How often intervals change by so much is learnt from everybody, type by type; against that stands a clock with a
/// jitter of some per cent. What is slow or wins little is not looked at: it is an idle mode. Where many play like a
/// clock it is the game's way, and no evidence.
struct RhythmCheck {
  static constexpr Account kAccount = Account::rhythm;
  [[nodiscard]] static bool applies(const Scene& scene);
  [[nodiscard]] static float weigh(const Scene& scene, PlayerState& player);
  static void learn(const Scene& scene, PlayerState& player);

  /// Which of the kChanges bins a change belongs to.
  [[nodiscard]] static std::size_t bin_of(float change);
};
static_assert(EvidenceCheck<RhythmCheck>);

}  // namespace liveops::fairness
