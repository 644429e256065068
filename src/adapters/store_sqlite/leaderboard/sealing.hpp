#pragma once

#include <cstdint>
#include <string>

#include "adapters/sqlite/database.hpp"
#include "ports/standing_store.hpp"

/// Sealing and clearing up, as transactions on the write connection; see the calls of ports::StandingStore.
namespace liveops::adapters::store_sqlite::leaderboard {

/// A table's row number and state. Errors: `not_found`; as sqlite::map_error.
struct TableState {
  std::int64_t row = 0;
  ports::StandingsState state = ports::StandingsState::open;
};
[[nodiscard]] core::Result<TableState> find_table(sqlite::Database& database, const core::StandingsId& table);

[[nodiscard]] core::Status begin_sealing(sqlite::Database& database, const core::StandingsId& table,
                                         core::Timestamp now);
[[nodiscard]] core::Status finish_sealing(sqlite::Database& database, const core::StandingsId& table);
[[nodiscard]] core::Result<std::uint64_t> purge_sealed_rows(sqlite::Database& database, std::size_t limit);

/// `after`: the last event id that the round has looked at; moved on, and emptied at the end of a round.
[[nodiscard]] core::Result<std::uint64_t> forget_old_events(sqlite::Database& database, core::Timestamp before,
                                                            std::size_t limit, std::string& after);

}  // namespace liveops::adapters::store_sqlite::leaderboard
