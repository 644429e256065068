#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "leaderboard/composite_score.hpp"
#include "ports/revision_store.hpp"
#include "ports/snapshot_store.hpp"

namespace liveops::leaderboard {

/// Makes the rows of a revision out of those of the first one, piece by piece, and notes what it changes.
///
/// The same plan and the same first rows give the same rows. Memory: that of the plan. Threads: one at a time.
class RevisionRows {
 public:
  explicit RevisionRows(const ports::RevisionPlan& plan);

  /// What the next rows of revision 1, in rank order, become. Who was left out of it stands where he belongs.
  [[nodiscard]] std::vector<ports::SnapshotRow> take(std::vector<ports::SnapshotRow> first);
  /// What comes behind the last of them.
  [[nodiscard]] std::vector<ports::SnapshotRow> rest();

  [[nodiscard]] std::uint64_t count() const { return rank_; }
  /// Of all rows so far; `previous_sha256` and `signature` are empty.
  [[nodiscard]] ports::RevisionNote take_note();

 private:
  struct Extra {
    ports::RevisedPlayer player;
    std::int64_t rank_key = 0;
  };
  void add(ports::SnapshotRow row, bool before, bool now, const std::string& reason);
  [[nodiscard]] bool is_ahead(const Extra& extra, const ports::SnapshotRow& row) const;
  void add_extra();

  CompositeScore order_;
  std::unordered_map<core::PlayerId, ports::RevisedPlayer> exceptions_;  // of the first rows
  std::vector<Extra> extras_;                                            // who is not among them, in rank order
  std::size_t next_extra_ = 0;
  std::uint64_t rank_ = 0;
  std::uint64_t previous_rank_ = 0;
  std::vector<ports::SnapshotRow> made_;
  ports::RevisionNote note_;
};

}  // namespace liveops::leaderboard
