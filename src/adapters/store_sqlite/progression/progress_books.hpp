#pragma once

#include <filesystem>
#include <memory>

#include "adapters/sqlite/database.hpp"
#include "adapters/sqlite/worker.hpp"
#include "ports/progress_books.hpp"

namespace liveops::adapters::store_sqlite::progression {

/// The books in a progression.db that a server may have open. A read holds a snapshot: until its end what the server
/// writes stays in the WAL file, which grows meanwhile.
///
/// The ledger has no index by player: it is sorted in temporary files (of its size; SQLITE_TMPDIR says where).
class ProgressBooks final : public ports::ProgressBooks {
 public:
  /// Opens `directory`/progression.db, which must exist, through a connection that cannot write. Blocks.
  /// Errors: `not_found` (no such file, or no schema in it), `unavailable`, `corrupt`.
  [[nodiscard]] static core::Result<std::unique_ptr<ProgressBooks>> open(const std::filesystem::path& directory);

  [[nodiscard]] ports::Task<void> read(std::function<ports::Task<void>(Reader&)> work) override;

 private:
  explicit ProgressBooks(sqlite::Database database);

  sqlite::Database database_;
  sqlite::Worker worker_;  // ends before what its jobs use
};

}  // namespace liveops::adapters::store_sqlite::progression
