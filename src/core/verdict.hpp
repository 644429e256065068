#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/envelope.hpp"
#include "core/error.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"

namespace liveops::core {

/// What follows for a player, the mildest first. `quarantine`: events are accepted and recorded, but the player is not
/// ranked until somebody has looked; as the verdict on a single event it is answered as `allow`.
enum class VerdictAction : std::uint8_t { allow, throttle, quarantine, block };
inline constexpr std::size_t kVerdictActions = 4;
/// Whether events of a player in this state are turned away.
[[nodiscard]] constexpr bool refuses(VerdictAction action) {
  return action == VerdictAction::throttle || action == VerdictAction::block;
}
/// Whether a player in this state is left out of ranks.
[[nodiscard]] constexpr bool hides(VerdictAction action) {
  return action == VerdictAction::quarantine || action == VerdictAction::block;
}
[[nodiscard]] std::string_view to_string(VerdictAction action);
[[nodiscard]] std::optional<VerdictAction> parse_verdict_action(std::string_view text);

/// What fairness says of one event.
struct Verdict {
  VerdictAction action = VerdictAction::allow;
  std::string reason;              // player-safe; empty for allow
  std::string decision_id;         // names the explanation; empty for a plain allow
  std::optional<Timestamp> until;  // when a throttle or block ends; absent: no end
};

/// That a player takes part in nothing ranked: in no period that closes after `since`. See docs/adr on revisions.
struct Disqualification {
  Timestamp since;
  std::string reason;
  friend bool operator==(const Disqualification&, const Disqualification&) = default;
};

/// A player's whole standing after a change of it, as published on Topic::verdicts. Whoever hides players applies the
/// change with the highest `version` and ignores older ones.
struct StandingChange {
  PlayerId player_id;
  bool blocked = false;            // left out of ranks: blocked, or in quarantine
  std::optional<Timestamp> until;  // when that ends by itself
  std::int64_t version = 0;        // ascending per player
  Timestamp at;
  std::string reason;                                 // of this change
  std::optional<Disqualification> disqualified = {};  // in force from here on
  std::optional<Timestamp> overturned_since = {};     // of this change alone: what blocks of older versions led to
                                                      // from that moment on was wrong
};

/// id = UUIDv8 of (player, version), so a repeat is recognised; type "verdict"; key = player id.
[[nodiscard]] Envelope encode_standing_change(const StandingChange& change);
/// Errors: `corrupt`.
[[nodiscard]] Result<StandingChange> decode_standing_change(const Envelope& envelope);

}  // namespace liveops::core
