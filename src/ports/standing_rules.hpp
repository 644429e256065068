#pragma once

#include <algorithm>
#include <optional>
#include <utility>

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
  PlayerStanding standing;                     // in force from now on
  bool changed = false;                        // false: what was held stays, and nothing is to be written
  std::optional<core::StandingChange> change;  // to publish: being blocked or disqualified begins, changes or ends
};

/// Whether an engine's wish is no more than what is in force already.
[[nodiscard]] inline bool covers(const PlayerStanding& held, const PlayerStanding& wanted) {
  const bool as_long = !held.until || (wanted.until && *held.until >= *wanted.until);
  return held.state == wanted.state ? as_long : held.state > wanted.state;
}

/// The change to publish for a standing that a request led to.
[[nodiscard]] inline core::StandingChange change_of(const PlayerStanding& standing, const StandingRequest& request) {
  const bool blocked = core::hides(standing.state);
  return {.player_id = standing.player_id,
          .blocked = blocked,
          .until = blocked ? standing.until : std::nullopt,
          .version = standing.version,
          .at = request.wanted.at,
          .reason = request.wanted.reason,
          .disqualified = standing.disqualified,
          .overturned_since = request.overturns_since};
}

/// The line of audit for a request that was granted; `number` is the store's to give.
[[nodiscard]] inline AuditEntry audit_entry_of(const StandingRequest& request) {
  const PlayerStanding& wanted = request.wanted;
  const std::optional<core::Timestamp> disqualified_since =
      wanted.disqualified ? std::optional(wanted.disqualified->since) : std::nullopt;
  return {.player_id = wanted.player_id,
          .actor = request.actor.empty() ? "engine" : request.actor,
          .action = request.action,
          .reason = wanted.reason,
          .until = wanted.until,
          .at = wanted.at,
          .since = request.overturns_since ? request.overturns_since : disqualified_since};
}

/// The rule of VerdictStore::put, for one request and the player's standing so far (nullopt: none is stored).
[[nodiscard]] inline SettledStanding settle(const std::optional<PlayerStanding>& held, const StandingRequest& request) {
  const PlayerStanding& wanted = request.wanted;
  const core::Timestamp now = wanted.at;
  const bool holds = held && in_force(*held, now);
  const bool of_state = request.part == StandingRequest::Part::state;
  if (request.actor.empty() && of_state && holds && covers(*held, wanted)) return {.standing = *held, .change = {}};
  SettledStanding settled{.standing = wanted, .changed = true, .change = {}};
  // A case that waits for a review stays out of ranks until then, whatever else the engine finds meanwhile.
  const bool waits = holds && held->state == core::VerdictAction::quarantine && !held->until;
  if (request.actor.empty() && of_state && waits) settled.standing.until.reset();
  if (of_state) {
    settled.standing.disqualified = held ? held->disqualified : std::nullopt;
  } else if (held) {
    settled.standing = *held;
    settled.standing.disqualified = wanted.disqualified;
  }
  // Time in the version keeps it ascending when the standing that it would have followed was pruned.
  const std::int64_t now_us = now.time_since_epoch().count();
  settled.standing.version = held ? std::max(held->version + 1, now_us) : now_us;
  const bool was_blocked = holds && core::hides(held->state);
  const bool is_news =
      was_blocked || core::hides(wanted.state) || !of_state || request.overturns_since || (held && held->disqualified);
  if (is_news) settled.change = change_of(settled.standing, request);
  return settled;
}

}  // namespace liveops::ports
