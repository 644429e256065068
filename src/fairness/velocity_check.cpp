#include "fairness/velocity_check.hpp"

#include "fairness/award_checks.hpp"

namespace liveops::fairness {
namespace {

constexpr float kMostAtOnce = 4;  // ln of what one award counts for at most

}  // namespace

bool VelocityCheck::applies(const Scene& scene) {
  return scene.population.velocity.ready != 0 && scene.opens_window;
}

float VelocityCheck::level_of(const Scene& scene, const PlayerState& player) {
  const AwardStats& scores = scene.population.awards[0][0];
  const float own = std::clamp(player.own_level[0], 0.0F, std::max(0.0F, scores.highest_own));
  return std::log(player.velocity + 1.0F) - own - scene.own_pace(player);
}

float VelocityCheck::weigh(const Scene& scene, PlayerState& player) {
  if (player.events < scene.terms.min_own_events) return kNoEvidence;
  return tail_ratio(scene.population.velocity.tail, level_of(scene, player));
}

void VelocityCheck::learn(const Scene& scene, PlayerState& player) {
  if (scene.since_last_us > 0) {
    const auto windows = static_cast<float>(scene.since_last_us) / static_cast<float>(scene.window_us);
    player.velocity *= quick_exp(-std::min(windows, 20.0F));
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const AwardView& award = scene.lanes[lane];
    const AwardStats& stats = scene.awards(lane);
    if (!award.present || !stats.ready) continue;
    player.velocity += quick_exp(std::min(award.x - stats.level[scene.band], kMostAtOnce));
    return;
  }
}

}  // namespace liveops::fairness
