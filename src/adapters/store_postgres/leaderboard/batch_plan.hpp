#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/board_operator.hpp"
#include "ports/standing_store.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

/// One of a batch's tables, as the transaction that applies it has locked it.
struct LockedTable {
  std::int64_t row = 0;
  ports::StandingsState state = ports::StandingsState::open;
};

/// What a batch does to one player in one table.
struct RowChange {
  std::int64_t table_row = 0;
  std::uint32_t table = 0;         // index into the batch's tables
  std::uint32_t event = 0;         // index into the batch's events: one of this player's
  bool repeated = false;           // an event that was applied before touches the row: it is to be reported
  std::optional<core::Mark> gain;  // what the fresh events bring, joined; absent: nothing
};

struct BatchPlan {
  std::vector<RowChange> rows;  // by (player, table), the order in which every replica locks rows
  std::uint64_t late = 0;
  std::uint64_t moved = 0;
};

/// Sends every contribution to the row where it counts, and joins those that meet there. Joining is associative, so
/// that what the batch brings can be joined to whatever the row holds once it is locked.
/// Requires: `tables` and `fresh` are parallel to the batch's tables and events.
[[nodiscard]] BatchPlan plan_batch(const ports::StandingBatch& batch, std::span<const LockedTable> tables,
                                   const std::vector<bool>& fresh);

/// The player whose row it is.
[[nodiscard]] inline const core::PlayerId& player_of(const ports::StandingBatch& batch, const RowChange& row) {
  return batch.events[row.event].player;
}

}  // namespace liveops::adapters::store_postgres::leaderboard
