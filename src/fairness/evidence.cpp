#include "fairness/evidence.hpp"

#include <chrono>
#include <cmath>

namespace liveops::fairness {

Evidence describe(const PlayerState& player, const BurstCheck::Credit& credit, const core::ScoreRules& rules,
                  const Population& population) {
  Evidence evidence;
  evidence.events = player.events;
  evidence.refused = player.refused;
  evidence.burst_credit = credit.burst;
  evidence.sustained_credit = credit.sustained;
  evidence.cusum = static_cast<double>(player.cusum);
  evidence.flag_at = rules.flag_at;
  evidence.throttle_at = rules.throttle_at;
  evidence.flagged = player.flagged;
  evidence.throttles = player.throttles;
  evidence.throttled_until = core::Timestamp(std::chrono::seconds(player.throttled_until_s));
  evidence.last_seen = core::Timestamp(std::chrono::seconds(player.last_seen_s));
  evidence.storm = population.storm;
  for (std::size_t i = 0; i < kChannels; ++i) {
    if (player.samples[i] == 0) continue;
    const ChannelStats& peers = population.channels[i];
    evidence.channels.push_back({.channel = static_cast<Channel>(i),
                                 .samples = player.samples[i],
                                 .usual = std::expm1(static_cast<double>(player.level[i])),
                                 .peers_usual = peers.ready ? std::expm1(static_cast<double>(peers.level)) : 0,
                                 .peer_quantile = peers.quantile_of(player.level[i])});
  }
  return evidence;
}

}  // namespace liveops::fairness
