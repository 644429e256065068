#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/board_operator.hpp"
#include "core/ids.hpp"
#include "core/standings_id.hpp"
#include "core/time.hpp"
#include "ports/task.hpp"

namespace liveops::ports {

/// A table of standings and the rules it follows.
struct StandingsSpec {
  core::StandingsId id;
  core::BoardOperation operation;
  core::Timestamp opens_at;
  core::Timestamp closes_at;
  friend bool operator==(const StandingsSpec&, const StandingsSpec&) = default;
};

/// open -> sealing (no event counts any more) -> sealed (the snapshot has the rows).
enum class StandingsState : std::uint8_t { open, sealing, sealed };

struct StandingsInfo {
  StandingsSpec spec;
  StandingsState state = StandingsState::open;
};

/// What a player holds in one table.
struct Standing {
  core::PlayerId player;
  std::int64_t score = 0;
  core::Timestamp achieved_at;
  std::uint32_t version = 0;  // rises with every change of this row
  friend bool operator==(const Standing&, const Standing&) = default;
};

/// What one event brings to one table.
struct Contribution {
  std::uint32_t event = 0;  // index into StandingBatch::events
  std::uint32_t table = 0;  // index into StandingBatch::tables
  std::int64_t score = 0;   // 0..max_score
  core::Timestamp at;

  struct Fallback {
    std::uint32_t table = 0;
    core::Timestamp at;
  };
  std::optional<Fallback> fallback;  // where it counts when `table` takes no more events; absent: nowhere
};

/// Events and what they bring, to be applied all or nothing.
struct StandingBatch {
  struct Event {
    core::EventId id;
    core::PlayerId player;
  };
  std::vector<StandingsSpec> tables;
  std::vector<Event> events;
  std::vector<Contribution> contributions;
  core::Timestamp now;  // when the batch is applied: the inbox keeps an id at least for the retention time from here
};

/// What a batch did.
struct AppliedBatch {
  struct Row {
    std::uint32_t table = 0;  // index into StandingBatch::tables
    Standing standing;
  };
  /// Absolute standings after the batch: every row it changed, and every row that its already applied events touch in
  /// tables that are not sealed (so that whoever failed after an earlier commit can finish its work).
  std::vector<Row> rows;
  std::uint64_t duplicates = 0;  // events that were applied before
  std::uint64_t late = 0;        // contributions that counted nowhere: their table takes no more events
  std::uint64_t moved = 0;       // contributions that went to their fallback for the same reason
};

/// How rows are ranked: score in the board's order, then (achieved_at - opens_at) / tie_step ascending, then player id.
struct RankOrder {
  core::BoardOrder order = core::BoardOrder::highest;
  core::Timestamp opens_at;
  std::int64_t tie_step_us = 1;
};

/// A table's rows in rank order, read piece by piece. Threads: one call at a time.
class RankedRows {
 public:
  virtual ~RankedRows() = default;
  /// The next rows, at most `limit`; empty at the end. Errors: `unavailable`, `corrupt`.
  [[nodiscard]] virtual Task<std::vector<Standing>> next(std::size_t limit) = 0;
};

/// The truth about standings, and the inbox that makes every event count once.
///
/// Threads: any. Every call: `unavailable` when the store is away (safe to repeat), `corrupt`.
class StandingStore {
 public:
  virtual ~StandingStore() = default;

  /// In one transaction: notes each event id in the inbox, skips those that were there, joins the others'
  /// contributions into the standings (core::join) and makes tables and rows that are new.
  [[nodiscard]] virtual Task<AppliedBatch> apply(StandingBatch batch) = 0;

  /// Every table, those that closed first in front. With `unsealed_only`, those that are not sealed.
  [[nodiscard]] virtual Task<std::vector<StandingsInfo>> tables(bool unsealed_only) = 0;

  struct TableRow {
    core::StandingsId table;
    Standing standing;
  };
  /// The rows of all tables that are not sealed, player by player in some fixed order: about `limit` of them, those of
  /// the players after `after` (empty: from the start), all of a player together. Empty at the end.
  [[nodiscard]] virtual Task<std::vector<TableRow>> scan(std::string after, std::size_t limit) = 0;

  struct PlayerRow {
    StandingsSpec table;
    Standing standing;
  };
  /// What these players hold in the tables that are not sealed.
  [[nodiscard]] virtual Task<std::vector<PlayerRow>> standings_of(std::vector<core::PlayerId> players) = 0;

  /// Marks the table `sealing`: from now on it takes no event. Also fixes who is left out: those who are blocked at
  /// `now`, and those disqualified since before the table closed. `ranked` leaves them out, whatever changes later;
  /// what they hold is kept for RevisionStore. Again: nothing happens. Errors: `not_found`, `conflict` (sealed
  /// already).
  [[nodiscard]] virtual Task<void> begin_seal(core::StandingsId table, core::Timestamp now) = 0;

  /// The rows of a table that is `sealing`, in rank order. Errors: `not_found`, `conflict` (not sealing).
  [[nodiscard]] virtual Task<std::unique_ptr<RankedRows>> ranked(core::StandingsId table, RankOrder order) = 0;

  /// Marks the table `sealed`. Again: nothing happens. Errors: `not_found`, `conflict` (begin_seal was not called).
  [[nodiscard]] virtual Task<void> finish_seal(core::StandingsId table) = 0;

  /// Looks at about `limit` rows, going round and round, and removes those of sealed tables; how many went.
  [[nodiscard]] virtual Task<std::uint64_t> purge_sealed(std::size_t limit) = 0;

  /// Looks at up to about `limit` inbox entries, going round and round, and forgets those noted before `before`; how
  /// many went.
  [[nodiscard]] virtual Task<std::uint64_t> forget_events(core::Timestamp before, std::size_t limit) = 0;
};

}  // namespace liveops::ports
