#pragma once

#include "fairness/check.hpp"

namespace liveops::fairness {

/// Are these the intervals of a person? A histogram of 10 bins of half a unit of ln(seconds), own tempo taken out;
/// every 96 intervals its divergence (Kullback-Leibler) from the population's, smoothed over windows.
///
/// Windows of one player resemble each other, so they do not add up: the evidence is how rare such a player is, on a
/// log-normal law fitted to the middle of the population. Where many play like a clock it is none.
/// What is slow or wins little is not looked at (`Scene::productive`): it is an idle mode.
struct TimingCheck {
  /// Counts an interval. True when that completed a window.
  static bool learn(const Scene& scene, PlayerState& player);
  /// How many honest players there are for one whose intervals are as strange; 0 while nothing is known.
  [[nodiscard]] static float evidence(const Population& population, const PlayerState& player);
  /// In nats; 0 before the first window.
  [[nodiscard]] static float divergence(const PlayerState& player);
};

}  // namespace liveops::fairness
