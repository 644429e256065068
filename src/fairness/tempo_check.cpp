#include "fairness/tempo_check.hpp"

#include <algorithm>
#include <cmath>

#include "fairness/shift.hpp"

namespace liveops::fairness {
namespace {

constexpr float kShift = 1;
constexpr float kLeastSlackCs = 12'000;  // two minutes of a stall may be made up for
constexpr float kSlackIntervals = 30;    // or so many usual intervals, where that is more
constexpr float kMostSlackCs = 65'000;   // what a state holds
constexpr float kPauseIntervals = 15;    // and so many usual intervals after a pause
constexpr std::int64_t kPauseUs = 1'200'000'000;

/// After a gap longer than 99 of 100, what was held up may come as close together as it takes to make up for it.
void settle_slack(const Scene& scene, PlayerState& player) {
  const TempoStats& stats = scene.tempo();
  if (stats.ready == 0 || scene.since_last_us < 0) return;
  const auto slack = static_cast<float>(player.slack_cs);
  if (scene.excused) {
    player.slack_cs = static_cast<std::uint16_t>(slack - scene.made_up_cs);
    return;
  }
  const float gap_s = static_cast<float>(scene.since_last_us) * 1e-6F;
  if (gap_s < std::exp(stats.level - stats.residual.at.front())) return;
  const bool pause = scene.since_last_us >= kPauseUs;
  const float granted = pause ? std::max(slack, 100 * kPauseIntervals * scene.usual_s) : slack + 100 * gap_s;
  const float most = std::max(kLeastSlackCs, 100 * kSlackIntervals * scene.usual_s);
  player.slack_cs = static_cast<std::uint16_t>(std::min({kMostSlackCs, most, granted}));
}

}  // namespace

float TempoCheck::weigh(const Scene& scene, PlayerState& player) {
  return shift_ratio(scene.tempo_score, kShift, player.tempo_variance);
}

void TempoCheck::learn(const Scene& scene, PlayerState& player) {
  settle_slack(scene, player);
  const TempoStats& stats = scene.tempo();
  if (!scene.timed || scene.excused || !scene.teaches() || stats.ready == 0 || stats.storm != 0) return;
  const float score = stats.residual.score(stats.level - scene.log_interval - player.own_pace);
  player.own_pace += step_of_learning(score, stats.spread, player.events);
  learn_variance(player.tempo_variance, scene.tempo_score, player.events);
}

}  // namespace liveops::fairness
