#pragma once

#include <cstdint>

#include "adapters/sqlite/database.hpp"
#include "core/time.hpp"
#include "ports/standing_store.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

[[nodiscard]] inline std::int64_t to_us(core::Timestamp time) {
  return time.time_since_epoch().count();
}
[[nodiscard]] inline core::Timestamp from_us(std::int64_t us) {
  return core::Timestamp(std::chrono::microseconds(us));
}

template <class Enum>
[[nodiscard]] std::int64_t number(Enum value) {
  return static_cast<std::int64_t>(value);
}

/// The columns that `read_info` wants, in its order.
inline constexpr const char* kTableColumns =
    "board, time_window, period, operator, direction, max_score, opens_at, closes_at, state";

/// Reads a row of standings_tables from column `first` on.
[[nodiscard]] ports::StandingsInfo read_info(const sqlite::Statement& row, int first = 0);

/// Binds board, window and period at `first`, `first + 1`, `first + 2`.
void bind_id(sqlite::Statement& statement, int first, const core::StandingsId& id);

}  // namespace liveops::adapters::store_sqlite::leaderboard
