#pragma once

#include <optional>

#include "core/time.hpp"
#include "fairness/player_state.hpp"
#include "fairness/terms.hpp"

namespace liveops::fairness {

/// What follows from evidence: throttles and blocks, each twice as long as the one before, up to the longest. One of
/// each is forgiven per half hour (throttles) or day (blocks) without another.
///
/// Throttles heal by themselves: a part of the events passes, and honest ones take the evidence down.
struct Ladder {
  /// Begins a throttle; gives its end.
  [[nodiscard]] static core::Timestamp throttle(const Terms& terms, PlayerState& player, core::Timestamp now);
  /// Begins a block; gives its end.
  [[nodiscard]] static core::Timestamp block(const Terms& terms, PlayerState& player, core::Timestamp now);
  /// Whether a flag now is the second: the last one was on another day, 16 hours ago or more, and not two weeks ago.
  [[nodiscard]] static bool is_second_flag(const PlayerState& player, core::Timestamp now);
  static void note_flag(PlayerState& player, core::Timestamp now);
  /// Flags older than two weeks are forgotten. To be called with every event of the player.
  static void forget_flag(PlayerState& player, core::Timestamp now);
  /// The end of the throttle in force; nullopt when there is none.
  [[nodiscard]] static std::optional<core::Timestamp> throttled_until(const PlayerState& player, core::Timestamp now);
};

}  // namespace liveops::fairness
