#pragma once

#include <cstdint>
#include <vector>

#include "core/rules.hpp"
#include "core/time.hpp"
#include "fairness/burst_check.hpp"
#include "fairness/observation.hpp"
#include "fairness/player_state.hpp"
#include "fairness/population.hpp"

namespace liveops::fairness {

/// A player's usual award of one kind beside that of the others.
struct ChannelEvidence {
  Channel channel = Channel::progression_xp;
  std::uint32_t samples = 0;
  double usual = 0;          // the player's own, as an amount
  double peers_usual = 0;    // 0 while too few players are known
  double peer_quantile = 0;  // share of players below this one
};

/// All that the engine holds of a player, for operators.
struct Evidence {
  std::uint32_t events = 0;
  std::uint32_t refused = 0;
  double burst_credit = 0;  // events that would pass at once
  double sustained_credit = 0;
  double cusum = 0;
  double flag_at = 0;
  double throttle_at = 0;
  bool flagged = false;
  std::uint32_t throttles = 0;      // in a row
  core::Timestamp throttled_until;  // of the latest throttle; the epoch when there was none
  core::Timestamp last_seen;
  bool storm = false;                     // evidence stands still: everybody rises
  std::vector<ChannelEvidence> channels;  // those with samples
};

/// Reads a player's state in the light of the rules and the population.
[[nodiscard]] Evidence describe(const PlayerState& player, const BurstCheck::Credit& credit,
                                const core::ScoreRules& rules, const Population& population);

}  // namespace liveops::fairness
