#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/rules.hpp"
#include "core/time.hpp"
#include "fairness/observation.hpp"
#include "fairness/player_state.hpp"
#include "fairness/population.hpp"
#include "fairness/terms.hpp"

namespace liveops::fairness {

/// What one check holds against a player: as much is expected once in `once_in` events of honest players.
struct CheckEvidence {
  core::Detector detector = core::Detector::award_level;
  core::RuleMode mode = core::RuleMode::off;
  std::optional<Lane> lane;
  double once_in = 0;
};

/// A player's own level in one lane, beside that of peers.
struct LaneEvidence {
  Lane lane = Lane::score;
  std::uint32_t awards = 0;
  double times_peers = 1;  // the player's usual award, in those of peers
};

/// All that the engine holds of a player, for operators.
struct Evidence {
  std::uint32_t events = 0;
  std::uint32_t refused = 0;
  double burst_credit = 0;  // events that would pass at once
  double sustained_credit = 0;
  double once_in = 0;  // all checks together
  double flag_at = 0;
  double throttle_at = 0;
  double quarantine_at = 0;
  double block_at = 0;
  bool flagged = false;
  std::uint32_t throttles = 0;      // in a row
  std::uint32_t blocks = 0;         // in a row
  core::Timestamp throttled_until;  // of the latest throttle; the epoch when there was none
  core::Timestamp last_seen;
  core::Timestamp active_since;
  bool storm = false;      // evidence stands still: everybody rises
  double times_tempo = 1;  // the player's usual pace, in that of peers
  double divergence = 0;   // of intervals, in nats; 0: not known
  double divergence_usual = 0;
  std::vector<CheckEvidence> checks;
  std::vector<LaneEvidence> lanes;  // those with awards
};

/// Reads a player's state in the light of the rules and the population.
[[nodiscard]] Evidence describe(const PlayerState& player, const Terms& terms, const Population& population,
                                core::Timestamp now);

}  // namespace liveops::fairness
