#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "adapters/sqlite/database.hpp"
#include "ports/standing_books.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

/// What StandingBooks::Reader promises, as plain calls within one snapshot.
///
/// Threads: the database's. Must not outlive the snapshot.
class BooksReader {
 public:
  explicit BooksReader(sqlite::Database& database);

  [[nodiscard]] core::Result<std::vector<ports::StandingsInfo>> tables();
  [[nodiscard]] core::Result<std::vector<ports::HeldStanding>> rows(std::string after, std::size_t limit);
  [[nodiscard]] core::Result<std::vector<ports::HeldStanding>> rows_of(const core::StandingsId& table,
                                                                       const std::vector<core::PlayerId>& players);
  [[nodiscard]] core::Result<std::vector<core::StandingChange>> blocked();

 private:
  /// Adds what the next players hold, moves `after` on; false: there is no further player.
  [[nodiscard]] core::Result<bool> add_page(std::string& after, std::size_t players,
                                            std::vector<ports::HeldStanding>& rows);

  sqlite::Database& database_;
  sqlite::Statement page_;
  sqlite::Statement row_;
};

}  // namespace liveops::adapters::store_sqlite::leaderboard
