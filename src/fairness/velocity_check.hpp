#pragma once

#include "fairness/check.hpp"

namespace liveops::fairness {

/// Is too much won in too short a time? What was won in five minutes (or a hundred usual intervals, where that is
/// more), in usual awards, own level and pace taken out: looked at once in that time, since one look says nearly the
/// same as the next event's.
struct VelocityCheck {
  static constexpr Account kAccount = Account::velocity;
  [[nodiscard]] static bool applies(const Scene& scene);
  [[nodiscard]] static float weigh(const Scene& scene, PlayerState& player);
  static void learn(const Scene& scene, PlayerState& player);

  /// On the scale of `VelocityStats`, before the event.
  [[nodiscard]] static float level_of(const Scene& scene, const PlayerState& player);
};
static_assert(EvidenceCheck<VelocityCheck>);

}  // namespace liveops::fairness
