#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/envelope.hpp"
#include "core/error.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"

namespace liveops::core {

enum class VerdictAction : std::uint8_t { allow, throttle, block };
[[nodiscard]] std::string_view to_string(VerdictAction action);
[[nodiscard]] std::optional<VerdictAction> parse_verdict_action(std::string_view text);

/// What fairness says of one event.
struct Verdict {
  VerdictAction action = VerdictAction::allow;
  std::string reason;              // player-safe; empty for allow
  std::string decision_id;         // names the explanation; empty for a plain allow
  std::optional<Timestamp> until;  // when a throttle or block ends; absent: no end
};

/// A change of a player's standing, as published on Topic::verdicts. Whoever hides players applies the change with the
/// highest `version` and ignores older ones.
struct StandingChange {
  PlayerId player_id;
  bool blocked = false;
  std::optional<Timestamp> until;  // when the block ends by itself
  std::int64_t version = 0;        // ascending per player
  Timestamp at;
  std::string reason;
};

/// id = UUIDv8 of (player, version), so a repeat is recognised; type "verdict"; key = player id.
[[nodiscard]] Envelope encode_standing_change(const StandingChange& change);
/// Errors: `corrupt`.
[[nodiscard]] Result<StandingChange> decode_standing_change(const Envelope& envelope);

}  // namespace liveops::core
