#include "fairness/rhythm_check.hpp"

#include <algorithm>
#include <array>

namespace liveops::fairness {
namespace {

/// ln of how often a clock changes by so much: normal jitters of 2, 5 and 10 %, equally likely, and one change in
/// fifty of any size.
constexpr std::array<float, kChanges> kLogClock{-0.53F, -1.42F, -2.16F, -4.2F, -4.6F};

}  // namespace

std::size_t RhythmCheck::bin_of(float change) {
  return static_cast<std::size_t>(std::ranges::upper_bound(kChangeBounds, change) - kChangeBounds.begin());
}

bool RhythmCheck::applies(const Scene& scene) {
  const TempoStats& tempo = scene.tempo();
  return scene.change >= 0 && tempo.log_change_share[0] != 0 && tempo.steady == 0;
}

float RhythmCheck::weigh(const Scene& scene, PlayerState&) {
  const std::size_t bin = bin_of(scene.change);
  return kLogClock[bin] - scene.tempo().log_change_share[bin];
}

void RhythmCheck::learn(const Scene& scene, PlayerState& player) {
  if (scene.productive) player.last_interval = scene.kept_interval() & 255U;
}

}  // namespace liveops::fairness
