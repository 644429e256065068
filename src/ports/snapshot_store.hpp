#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/standings_id.hpp"
#include "core/time.hpp"
#include "ports/task.hpp"

namespace liveops::ports {

/// Standings written down at one moment: of an open period (its top) or of a closed one (all of it). A closed one is
/// written down once, and once more whenever somebody is disqualified or given back his place: a revision.
struct Snapshot {
  std::string id;  // unique, made of name characters
  core::StandingsId table;
  core::Timestamp opens_at;
  core::Timestamp closes_at;
  core::Timestamp taken_at;
  bool sealed = false;
  int revision = 0;         // sealed: from 1; of an open period: 0
  std::uint64_t rows = 0;   // kept here
  std::uint64_t total = 0;  // players in the table then
  std::string sha256;       // lower-case hex, over the canonical rows
  std::string signature;    // lower-case hex
  friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

struct SnapshotRow {
  std::uint64_t rank = 0;  // from 1, without gaps
  core::PlayerId player;
  std::int64_t score = 0;
  core::Timestamp achieved_at;
  std::uint64_t previous_rank = 0;  // in the revision before this one; 0: not in it, or there is none
  friend bool operator==(const SnapshotRow&, const SnapshotRow&) = default;
};

/// Which snapshots to list; what is absent matches all.
struct SnapshotFilter {
  std::optional<core::BoardId> board;
  std::optional<core::Window> window;
  std::optional<std::string> period;
  std::optional<bool> sealed;
};

/// Keeps snapshots. One is invisible until it is complete.
///
/// Threads: any. Every call: `unavailable` when the store is away (safe to repeat), `corrupt`.
class SnapshotStore {
 public:
  virtual ~SnapshotStore() = default;

  /// Starts writing `id`; what an unfinished attempt left under it is removed. Errors: `conflict` (it is complete).
  [[nodiscard]] virtual Task<void> begin(std::string id) = 0;
  /// Adds rows. Errors: `conflict` (not begun, complete, or a rank that is there).
  [[nodiscard]] virtual Task<void> append(std::string id, std::vector<SnapshotRow> rows) = 0;
  /// Makes it visible. Errors: `conflict` (not begun, or complete).
  [[nodiscard]] virtual Task<void> complete(Snapshot snapshot) = 0;

  /// Newest first (taken_at, then id).
  [[nodiscard]] virtual Task<std::vector<Snapshot>> list(SnapshotFilter filter, std::uint64_t offset,
                                                         std::size_t limit) = 0;
  /// Errors: `not_found`.
  [[nodiscard]] virtual Task<Snapshot> find(std::string id) = 0;
  /// Rows in rank order. Errors: `not_found`.
  [[nodiscard]] virtual Task<std::vector<SnapshotRow>> rows(std::string id, std::uint64_t offset,
                                                            std::size_t limit) = 0;

  /// Those whose place got better with this revision (0 < rank < previous_rank), of the ranks after `after`, in rank
  /// order. Errors: `not_found`.
  [[nodiscard]] virtual Task<std::vector<SnapshotRow>> promoted(std::string id, std::uint64_t after,
                                                                std::size_t limit) = 0;

  /// Removes the snapshots of this table that are not sealed, but for the `keep` newest; how many went.
  [[nodiscard]] virtual Task<std::uint64_t> keep_newest(core::StandingsId table, std::size_t keep) = 0;
};

}  // namespace liveops::ports
