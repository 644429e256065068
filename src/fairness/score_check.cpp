#include "fairness/score_check.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace liveops::fairness {
namespace {

constexpr float kSlack = 0.5F;  // k of the CUSUM: shifts below one spread are not what it looks for
constexpr float kWinsor = 3;
constexpr float kSlowest = 3e-4F;       // least share of a residual that the base follows by
constexpr float kStormPace = 0.05F;     // in a storm bases catch up within a few dozen events
constexpr unsigned kOwnSpreadFrom = 5;  // samples before a player's own spread bounds a residual

void learn(PlayerState& player, std::size_t channel, float x, const Population& population) {
  const ChannelStats& stats = population.channels[channel];
  std::uint16_t& samples = player.samples[channel];
  float& level = player.level[channel];
  float& deviation = player.deviation[channel];
  if (samples == 0) {
    level = stats.ready ? stats.level : x;
    deviation = stats.ready ? stats.spread / 1.2533F : 0;
  }
  if (samples < std::numeric_limits<std::uint16_t>::max()) ++samples;
  const float pace = std::max(population.storm ? kStormPace : kSlowest, 2.0F / (static_cast<float>(samples) + 1));
  float limit = std::numeric_limits<float>::max();
  if (stats.ready) {
    limit = stats.spread;
  } else if (samples > kOwnSpreadFrom) {
    limit = 3 * std::max(deviation, 0.1F);
  }
  const float residual = x - level;
  level += pace * std::clamp(residual, -limit, limit);
  const float far = stats.ready ? kWinsor * stats.spread : limit;
  deviation += pace * (std::min(std::fabs(residual), far) - deviation);
}

}  // namespace

void ScoreCheck::accumulate(PlayerState& player, std::size_t channel, float x, const Population& population) const {
  const ChannelStats& stats = population.channels[channel];
  if (!stats.ready || static_cast<int>(player.samples[channel]) < rules_.min_personal) return;
  const float own_base = (player.level[channel] - stats.level) / stats.spread;
  const float base = std::min(own_base, stats.highest_base);
  float step = std::clamp((x - stats.level) / stats.spread - base, -kWinsor, kWinsor) - kSlack;
  if (population.storm) step = std::min(step, 0.0F);
  player.cusum = std::max(0.0F, player.cusum + step);
}

std::optional<Finding> ScoreCheck::judge(PlayerState& player, const Award& award, const Population& population) const {
  if (rules_.mode == core::RuleMode::off) return std::nullopt;
  const auto channel = static_cast<std::size_t>(award.channel);
  const float x = std::log(static_cast<float>(award.amount) + 1.0F);
  const float usual = player.level[channel];
  accumulate(player, channel, x, population);
  learn(player, channel, x, population);
  if (player.cusum == 0.0F) player.flagged = false;
  const bool throttle = player.cusum >= static_cast<float>(rules_.throttle_at);
  const bool flag = !player.flagged && player.cusum >= static_cast<float>(rules_.flag_at);
  if (!throttle && !flag) return std::nullopt;

  Finding finding;
  finding.detector = Detector::award_level;
  finding.mode = rules_.mode;
  finding.action = throttle ? core::VerdictAction::throttle : core::VerdictAction::allow;
  finding.channel = award.channel;
  finding.observed = static_cast<double>(award.amount);
  finding.expected = std::expm1(static_cast<double>(usual));
  finding.evidence = static_cast<double>(player.cusum);
  finding.threshold = throttle ? rules_.throttle_at : rules_.flag_at;
  finding.peer_quantile = population.channels[channel].quantile_of(x);
  player.flagged = true;
  if (throttle) player.cusum = 0;
  return finding;
}

}  // namespace liveops::fairness
