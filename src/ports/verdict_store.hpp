#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "core/verdict.hpp"
#include "ports/task.hpp"

namespace liveops::ports {

/// Where a player stands. `allow` is the good standing that everybody begins with.
struct PlayerStanding {
  core::PlayerId player_id;
  core::VerdictAction state = core::VerdictAction::allow;
  std::optional<core::Timestamp> until;  // when a throttle or block ends by itself; absent: no end
  std::int64_t version = 0;              // ascending per player
  std::string reason;
  std::string rule;  // the check, or "operator"
  std::string policy_version;
  std::string decision_id;  // empty when an operator decided
  core::Timestamp at;
  std::optional<core::Disqualification> disqualified = {};  // beside `state`, and until it is taken back
  friend bool operator==(const PlayerStanding&, const PlayerStanding&) = default;
};

/// A standing that somebody wants: another state, or another disqualification. What is not asked for stays.
struct StandingRequest {
  enum class Part : std::uint8_t { state, disqualification };

  PlayerStanding wanted;  // `version` is given by the store
  std::string actor;      // who, for the audit; empty: the engine, which never shortens or weakens what is in force
  std::string action;     // for the audit: "block", "unblock", "clear", "throttle", "overturn", "disqualify", ...
  Part part = Part::state;
  std::optional<core::Timestamp> overturns_since = {};  // blocks from then on were wrong: published along
};

/// Why the engine remarked on an event. Kept in a ring: the newest stay.
struct DecisionRecord {
  std::string id;
  core::PlayerId player_id;
  core::EventId event_id;
  std::string action;  // "flag", "throttle", "block"
  std::string rule;
  std::string mode;  // of the rule: "shadow", "flag", "throttle", "quarantine", "block"
  double observed = 0;
  double expected = 0;
  double evidence = 0;
  std::string explanation;  // in words, for operators
  std::string policy_version;
  core::Timestamp at;
  std::string detail = {};  // what the judgement rested on, in the engine's own form; may be empty
  friend bool operator==(const DecisionRecord&, const DecisionRecord&) = default;
};

/// One line of the audit. Lines are only ever added; how they are chained: ports/audit_chain.hpp.
struct AuditEntry {
  std::int64_t number = 0;
  core::PlayerId player_id;
  std::string actor;
  std::string action;
  std::string reason;
  std::optional<core::Timestamp> until;
  core::Timestamp at;
  std::optional<core::Timestamp> since = {};  // of a disqualification or of what was overturned
  friend bool operator==(const AuditEntry&, const AuditEntry&) = default;
};

/// All that is known of one player. Newest first.
struct PlayerHistory {
  std::optional<PlayerStanding> standing;  // past ones too
  std::vector<DecisionRecord> decisions;
  std::vector<AuditEntry> audit;
};

/// A player on whom a check remarked, once in the list however often that was.
struct FlaggedPlayer {
  std::int64_t position = 0;  // of the latest remark; the page after this one begins below it
  core::PlayerId player_id;
  std::int64_t count = 0;
  DecisionRecord latest;
};

/// A standing that was put, and by which action, as StandingRequest names it.
struct StandingNews {
  PlayerStanding standing;
  std::string action;
};

/// What was put since some position, and the position to go on from.
struct StandingFeed {
  std::vector<StandingNews> news;
  std::int64_t position = 0;
};

/// A change of standing that waits to be published.
struct PendingChange {
  std::int64_t number = 0;
  core::StandingChange change;
};

/// Standings, decisions and the audit, durably. What a request comes to is `settle` (ports/standing_rules.hpp).
///
/// Threads: any.
class VerdictStore {
 public:
  virtual ~VerdictStore() = default;

  /// One transaction for all: the standing under a new version, a line of audit, chained to the one before it, and a
  /// pending change wherever being blocked or disqualified begins, changes or ends. Durable once it completes. Gives,
  /// in order, the standing that is then in force: the engine's wish gives way to a stronger or longer one. Versions
  /// ascend even where old standings were pruned. Errors: `unavailable` (nothing was changed), `timeout` (unknown
  /// whether anything was; asking again is safe).
  [[nodiscard]] virtual Task<std::vector<PlayerStanding>> put(std::vector<StandingRequest> requests) = 0;

  /// Throttles and blocks in force at `now`, by player id. Errors: `unavailable`, `corrupt`.
  [[nodiscard]] virtual Task<std::vector<PlayerStanding>> active(core::Timestamp now) = 0;

  /// The latest standing of every player who was given one since `position` (0: none of them, only where to go on
  /// from), in no order: how replicas on one store learn of each other. May repeat what was given before, and may leave
  /// out what was put through this object. Errors: `unavailable`, `corrupt`.
  [[nodiscard]] virtual Task<StandingFeed> changes(std::int64_t position) = 0;

  /// Adds decisions; one whose id is known already is left as it was. Errors: `unavailable`.
  [[nodiscard]] virtual Task<void> record(std::vector<DecisionRecord> decisions) = 0;

  /// Errors: `not_found` (never made, or old enough to have left the ring), `unavailable`.
  [[nodiscard]] virtual Task<DecisionRecord> decision(std::string id) = 0;

  /// At most `limit` decisions and lines of audit; all empty for a player never heard of. Errors: `unavailable`.
  [[nodiscard]] virtual Task<PlayerHistory> history(core::PlayerId player, std::size_t limit) = 0;

  /// Newest remark first, those with a position below `before` (absent: from the newest). Errors: `unavailable`.
  [[nodiscard]] virtual Task<std::vector<FlaggedPlayer>> flagged(std::size_t limit,
                                                                 std::optional<std::int64_t> before) = 0;

  /// Changes not yet published; those of one player oldest first. Several publishers may get the same ones at once, so
  /// each change is published at least once, and for the first time in order. Errors: `unavailable`.
  [[nodiscard]] virtual Task<std::vector<PendingChange>> pending(std::size_t limit) = 0;

  /// These were published. Errors: `unavailable`.
  [[nodiscard]] virtual Task<void> published(std::vector<std::int64_t> numbers) = 0;
};

}  // namespace liveops::ports
