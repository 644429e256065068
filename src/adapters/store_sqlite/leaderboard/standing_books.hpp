#pragma once

#include <filesystem>
#include <memory>

#include "adapters/sqlite/database.hpp"
#include "adapters/sqlite/worker.hpp"
#include "ports/standing_books.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

/// The books in a leaderboard.db that a server may have open. A read holds a snapshot: until its end what the server
/// writes stays in the WAL file, which grows meanwhile.
class StandingBooks final : public ports::StandingBooks {
 public:
  /// Opens `directory`/leaderboard.db, which must exist, through a connection that cannot write. Blocks.
  /// Errors: `not_found` (no such file, or no schema in it), `unavailable`, `corrupt`.
  [[nodiscard]] static core::Result<std::unique_ptr<StandingBooks>> open(const std::filesystem::path& directory);

  [[nodiscard]] ports::Task<void> read(std::function<ports::Task<void>(Reader&)> work) override;

 private:
  explicit StandingBooks(sqlite::Database database);

  sqlite::Database database_;
  sqlite::Worker worker_;  // ends before what its jobs use
};

}  // namespace liveops::adapters::store_sqlite::leaderboard
