#pragma once

#include <algorithm>
#include <optional>

#include "core/time.hpp"
#include "core/verdict.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::ports {

/// Whether a standing holds the player back at `now`.
[[nodiscard]] inline bool in_force(const PlayerStanding& standing, core::Timestamp now) {
  return standing.state != core::VerdictAction::allow && (!standing.until || *standing.until > now);
}

/// What a request comes to.
struct SettledStanding {
  PlayerStanding standing;       // in force from now on
  bool changed = false;          // false: what was held stays, and nothing is to be written
  bool to_be_published = false;  // being blocked begins, changes or ends
};

/// The rule of VerdictStore::put, for one request and the player's standing so far (nullopt: none is stored).
[[nodiscard]] inline SettledStanding settle(const std::optional<PlayerStanding>& held, const StandingRequest& request) {
  const PlayerStanding& wanted = request.wanted;
  const core::Timestamp now = wanted.at;
  const bool holds = held && in_force(*held, now);
  if (request.actor.empty() && holds) {
    const bool as_long = !held->until || (wanted.until && *held->until >= *wanted.until);
    const bool covers = held->state == wanted.state ? as_long : held->state > wanted.state;
    if (covers) return {.standing = *held};
  }
  SettledStanding settled{.standing = wanted, .changed = true};
  // Time in the version keeps it ascending when the standing that it would have followed was pruned.
  const std::int64_t now_us = now.time_since_epoch().count();
  settled.standing.version = held ? std::max(held->version + 1, now_us) : now_us;
  const bool was_blocked = holds && held->state == core::VerdictAction::block;
  settled.to_be_published = was_blocked || wanted.state == core::VerdictAction::block;
  return settled;
}

/// The change to publish for a standing.
[[nodiscard]] inline core::StandingChange change_of(const PlayerStanding& standing) {
  const bool blocked = standing.state == core::VerdictAction::block;
  return {.player_id = standing.player_id,
          .blocked = blocked,
          .until = blocked ? standing.until : std::nullopt,
          .version = standing.version,
          .at = standing.at,
          .reason = standing.reason};
}

}  // namespace liveops::ports
