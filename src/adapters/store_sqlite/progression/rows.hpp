#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/sqlite/database.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"

/// Small pieces for reading and writing rows of progression.db.
namespace liveops::adapters::store_sqlite::progression {

/// Makes a statement ready for its next use at the end of the scope, whichever way that is left.
class Rewind {
 public:
  explicit Rewind(sqlite::Statement& statement) : statement_(statement) {}
  ~Rewind() { statement_.reset(); }
  Rewind(const Rewind&) = delete;
  Rewind& operator=(const Rewind&) = delete;

 private:
  sqlite::Statement& statement_;
};

[[nodiscard]] inline std::int64_t to_us(core::Timestamp time) {
  return time.time_since_epoch().count();
}
[[nodiscard]] inline core::Timestamp from_us(std::int64_t us) {
  return core::Timestamp(std::chrono::microseconds(us));
}

template <class Name>
[[nodiscard]] Name name_at(const sqlite::Statement& statement, int column) {
  return Name::trusted(std::string(statement.text(column)));
}

/// The column's form of "in this season" and "in none".
[[nodiscard]] inline std::string_view season_text(const std::optional<core::SeasonId>& season) {
  return season ? std::string_view(season->str()) : std::string_view();
}
[[nodiscard]] inline std::optional<core::SeasonId> season_at(const sqlite::Statement& statement, int column) {
  if (statement.text(column).empty()) return std::nullopt;
  return name_at<core::SeasonId>(statement, column);
}

}  // namespace liveops::adapters::store_sqlite::progression
