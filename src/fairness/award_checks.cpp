#include "fairness/award_checks.hpp"

#include <limits>

#include "fairness/shift.hpp"

namespace liveops::fairness {
namespace {

constexpr float kShift = 1;

}  // namespace

float tail_ratio(const Tail& tail, float value) {
  constexpr float kBelow = -0.0732F;  // ln(0.92 / 0.99)
  constexpr float kAbove = 0.981F;    // ln(0.08 / 0.01 / 3)
  if (value <= tail.q99) return kBelow;
  return kAbove + 0.667F * tail.surprise(value);
}

template <Lane OfLane>
float LevelCheck<OfLane>::weigh(const Scene& scene, PlayerState& player) {
  return shift_ratio(scene.lanes[kIndex].score, kShift, player.award_variance);
}

template <Lane OfLane>
void LevelCheck<OfLane>::learn(const Scene& scene, PlayerState& player) {
  const AwardView& award = scene.lanes[kIndex];
  const AwardStats& stats = scene.awards(kIndex);
  if (!award.present || !scene.teaches() || stats.ready == 0 || stats.storm != 0) return;
  if (scene.event.type == core::EventType::drop_claimed) return;
  std::uint16_t& samples = player.awards[kIndex];
  const float score = stats.residual.score(award.x - stats.level[scene.band] - player.own_level[kIndex]);
  player.own_level[kIndex] += step_of_learning(score, stats.spread, samples);
  if (award.judged) learn_variance(player.award_variance, award.score, samples);
  if (samples < std::numeric_limits<std::uint16_t>::max()) ++samples;
}

template <Lane OfLane>
float TailCheck<OfLane>::weigh(const Scene& scene, PlayerState&) {
  return tail_ratio(scene.awards(kIndex).tail, scene.lanes[kIndex].residual);
}

template <Lane OfLane>
void TailCheck<OfLane>::learn(const Scene&, PlayerState&) {}

template struct LevelCheck<Lane::score>;
template struct LevelCheck<Lane::xp>;
template struct TailCheck<Lane::score>;
template struct TailCheck<Lane::xp>;

}  // namespace liveops::fairness
