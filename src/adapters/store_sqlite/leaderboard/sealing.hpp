#pragma once

#include <cstdint>
#include <limits>
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

/// `after`: the last event id that the round has looked at; moved on, and emptied at the end of a round.
[[nodiscard]] core::Result<std::uint64_t> forget_old_events(sqlite::Database& database, core::Timestamp before,
                                                            std::size_t limit, std::string& after);

/// Takes the rows of sealed tables out, on rounds through all rows; a round clears the tables that were sealed when it
/// began. After a restart the round begins anew.
class PurgeRound {
 public:
  /// Looks at about `limit` rows; how many went.
  [[nodiscard]] core::Result<std::uint64_t> step(sqlite::Database& database, std::size_t limit);

 private:
  bool under_way_ = false;
  std::int64_t after_ = 0;  // row number of the last player that was looked at
};

/// Up to which player, by row number, about `limit` rows after player `after` go; the greatest number at the end.
[[nodiscard]] core::Result<std::int64_t> end_of_page(sqlite::Database& database, std::int64_t after, std::size_t limit);
inline constexpr std::int64_t kNoMorePages = std::numeric_limits<std::int64_t>::max();

}  // namespace liveops::adapters::store_sqlite::leaderboard
