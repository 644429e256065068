#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

#include "adapters/sqlite/database.hpp"
#include "core/idempotency_table.hpp"
#include "ports/key_journal.hpp"

namespace liveops::adapters::store_sqlite {

/// The completed keys on disk: rows are only appended, one per commit, and leave in the same order.
///
/// A row's blob is a sequence of 28-byte records: event id (16), fingerprint (8), time of completion in whole seconds
/// since 1970 (4, big-endian). Threads: one at a time (a Worker's).
class IdempotencyJournal {
 public:
  struct Bounds {
    std::chrono::seconds retention{24 * 3600};
    std::uint64_t max_records = 4'000'000;  // more are of no use to the table; the oldest leave
  };

  /// Opens or makes the file and brings its schema up to date. Errors: as Database::open and migrate.
  [[nodiscard]] static core::Result<IdempotencyJournal> open(const std::filesystem::path& file, Bounds bounds);

  /// Hands every record on disk to `take`, oldest first. Errors: as sqlite::map_error; `corrupt` for a row of a wrong
  /// size.
  [[nodiscard]] core::Status load(const std::function<void(const ports::KeyJournal::Record&)>& take);

  /// Writes one row and drops a few that are past retention or over the bound, in one transaction that is on disk when
  /// this returns. Errors: as sqlite::map_error; nothing is written then.
  [[nodiscard]] core::Status append(std::span<const ports::KeyJournal::Record> records, core::Timestamp now);

 private:
  IdempotencyJournal(sqlite::Database database, Bounds bounds);
  [[nodiscard]] core::Status write_row(std::span<const ports::KeyJournal::Record> records, core::Timestamp now);
  [[nodiscard]] core::Result<std::uint64_t> drop_old(core::Timestamp now);

  sqlite::Database database_;
  Bounds bounds_;
  std::uint64_t records_ = 0;
  sqlite::Statement insert_;
  sqlite::Statement oldest_;
  sqlite::Statement remove_;
};

}  // namespace liveops::adapters::store_sqlite
