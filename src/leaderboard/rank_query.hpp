#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "leaderboard/board_book.hpp"
#include "ports/rank_index.hpp"
#include "ports/snapshot_store.hpp"
#include "ports/standing_store.hpp"

namespace liveops::leaderboard {

/// Which table a client asks for, by name; absent: the first board, the daily window, the period that is open now.
struct TableChoice {
  std::optional<std::string> board;
  std::optional<std::string> window;
  std::optional<std::string> period;
};

/// A table that was asked for and can be there.
struct ChosenTable {
  ports::StandingsSpec spec;
  bool open = true;  // the period holds the present
};

/// Part of a table as clients see it.
struct RankView {
  ports::StandingsSpec spec;
  std::uint64_t total = 0;
  std::vector<ports::SnapshotRow> rows;
};

/// A player's place in one table.
struct PlayerRank {
  ports::StandingsSpec spec;
  std::uint64_t total = 0;
  ports::SnapshotRow row;
  double percentile = 0;  // share of the table's players that this one is not behind: 100 for the first
};

/// Several players' places in one table, those that have one, in the order asked for.
struct RankList {
  RankView view;
  std::vector<core::PlayerId> missing;
};

/// Answers who is where.
///
/// Errors of all: `not_found`, with what exists instead; as RankIndex and SnapshotStore. Threads: any.
class RankQuery {
 public:
  RankQuery(const CurrentBoards& boards, ports::RankIndex& index, ports::SnapshotStore& snapshots,
            ports::StandingStore& standings, const core::Clock& clock)
      : boards_(boards), index_(index), snapshots_(snapshots), standings_(standings), clock_(clock) {}

  /// Resolves names to a table; asks no store.
  [[nodiscard]] core::Result<ChosenTable> choose(const TableChoice& choice) const;

  /// Ranks offset + 1 to offset + limit. Periods that are not open come from the newest revision of their sealed
  /// snapshot, or from the index while they are not sealed yet.
  [[nodiscard]] ports::Task<RankView> top(ChosenTable table, std::uint64_t offset, std::size_t limit);

  [[nodiscard]] ports::Task<RankView> around(ports::StandingsSpec table, core::PlayerId player, std::size_t radius);

  /// The player's places in the open periods of every window, on one board or on all of them (nullopt).
  [[nodiscard]] ports::Task<std::vector<PlayerRank>> ranks_of_player(core::PlayerId player,
                                                                     std::optional<std::string> board);

  [[nodiscard]] ports::Task<RankList> ranks_of(ports::StandingsSpec table, std::vector<core::PlayerId> players);

  /// The windows that have an open period.
  [[nodiscard]] std::vector<core::Period> open_windows() const;

 private:
  [[nodiscard]] core::Result<core::Period> choose_period(const BoardBook& book, core::Window window,
                                                         const std::optional<std::string>& id) const;
  [[nodiscard]] ports::Task<RankView> sealed_top(ports::StandingsSpec spec, ports::Snapshot snapshot,
                                                 std::uint64_t offset, std::size_t limit);
  /// The `not_found` for a period without standings, with those that have some.
  [[nodiscard]] ports::Task<RankView> no_such_period(core::StandingsId wanted);

  const CurrentBoards& boards_;
  ports::RankIndex& index_;
  ports::SnapshotStore& snapshots_;
  ports::StandingStore& standings_;
  const core::Clock& clock_;
};

}  // namespace liveops::leaderboard
