#pragma once

#include <cstdint>

#include "adapters/postgres/parameters.hpp"
#include "adapters/postgres/rows.hpp"
#include "core/time.hpp"
#include "ports/standing_store.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

[[nodiscard]] inline std::int64_t to_us(core::Timestamp time) {
  return time.time_since_epoch().count();
}
[[nodiscard]] inline core::Timestamp from_us(std::int64_t us) {
  return core::Timestamp(std::chrono::microseconds(us));
}

/// As the schema keeps the day of a time.
[[nodiscard]] inline std::int64_t day_of(core::Timestamp time) {
  return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

template <class Enum>
[[nodiscard]] std::int64_t number(Enum value) {
  return static_cast<std::int64_t>(value);
}

/// Reads board, window and period from column `first` on.
[[nodiscard]] core::StandingsId read_id(const postgres::Rows& rows, std::size_t row, std::size_t first);

/// Reads board, time_window, period, operator, direction, max_score, opens_at, closes_at from column `first` on.
inline constexpr std::size_t kSpecColumns = 8;
[[nodiscard]] ports::StandingsSpec read_spec(const postgres::Rows& rows, std::size_t row, std::size_t first);

/// Reads player, score, achieved_at, version from column `first` on.
[[nodiscard]] ports::Standing read_standing(const postgres::Rows& rows, std::size_t row, std::size_t first);

/// Adds board, window and period.
[[nodiscard]] postgres::Parameters id_parameters(const core::StandingsId& id);

}  // namespace liveops::adapters::store_postgres::leaderboard
