#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/postgres/rows.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "ports/progress.hpp"

/// Small pieces for reading and writing rows of the schema.
namespace liveops::adapters::store_postgres::progression {

[[nodiscard]] inline std::int64_t to_us(core::Timestamp time) {
  return time.time_since_epoch().count();
}
[[nodiscard]] inline core::Timestamp from_us(std::int64_t us) {
  return core::Timestamp(std::chrono::microseconds(us));
}

template <class Name>
[[nodiscard]] Name name_at(const postgres::Rows& rows, std::size_t row, std::size_t column) {
  return Name::trusted(std::string(rows.text(row, column)));
}

/// The column's form of "in this season" and "in none".
[[nodiscard]] inline std::string_view season_text(const std::optional<core::SeasonId>& season) {
  return season ? std::string_view(season->str()) : std::string_view();
}
[[nodiscard]] inline std::optional<core::SeasonId> season_at(const postgres::Rows& rows, std::size_t row,
                                                             std::size_t column) {
  if (rows.text(row, column).empty()) return std::nullopt;
  return name_at<core::SeasonId>(rows, row, column);
}

/// A row that kReadPlayer or kLockPlayers gave. Errors: `corrupt`.
[[nodiscard]] core::Result<ports::Progress> progress_at(const postgres::Rows& rows, std::size_t row);

/// The jsonb form of sums.
[[nodiscard]] std::string json_of(const std::map<core::SeasonId, std::int64_t>& sums);
[[nodiscard]] std::string json_of(const std::map<core::BossId, std::int64_t>& sums);

}  // namespace liveops::adapters::store_postgres::progression
