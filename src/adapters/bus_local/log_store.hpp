#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/bus_local/segment.hpp"
#include "adapters/sqlite/database.hpp"
#include "ports/event_bus.hpp"

namespace liveops::adapters::bus_local {

/// The file of the bus: what it holds. One connection; transactions are the caller's.
///
/// Threads: one at a time. Errors, everywhere: as `sqlite::map_error`.
class LogStore {
 public:
  /// Makes the file or brings its schema up to date. Errors also: `conflict` (written by a newer release).
  [[nodiscard]] static core::Result<LogStore> open(const std::filesystem::path& file);

  [[nodiscard]] sqlite::Database& database() { return *database_; }

  [[nodiscard]] core::Status append(ports::Topic topic, const Segment& segment);
  /// The segments from the one that holds `offset` on, until one that holds `last` or `max_bytes` are reached.
  /// Errors: `corrupt` also when `offset` is not there.
  [[nodiscard]] core::Result<std::vector<Segment>> read(ports::Topic topic, std::uint64_t offset, std::uint64_t last,
                                                        std::size_t max_bytes);
  /// Offset of the oldest message kept; nullopt when the log is empty.
  [[nodiscard]] core::Result<std::optional<std::uint64_t>> oldest(ports::Topic topic);
  /// One past the newest message ever stored.
  [[nodiscard]] core::Result<std::uint64_t> head(ports::Topic topic);
  /// Messages for one group only: offset -> group.
  [[nodiscard]] core::Result<std::map<std::uint64_t, std::string>> addressed(ports::Topic topic);
  /// Deletes up to `max_rows` of the oldest rows that end at or before `below`; says how many.
  [[nodiscard]] core::Result<std::int64_t> reclaim(ports::Topic topic, std::uint64_t below, int max_rows);

  [[nodiscard]] core::Result<std::map<std::string, std::uint64_t>> positions(ports::Topic topic);
  [[nodiscard]] core::Status save_position(ports::Topic topic, const std::string& group, std::uint64_t position);

  /// Bytes in use, the file's free pages left out.
  [[nodiscard]] core::Result<std::uint64_t> used_bytes();
  /// What appending so many bytes in one transaction adds to that at most.
  [[nodiscard]] std::uint64_t cost_of(std::uint64_t bytes) const;
  /// Gives some free pages back to the file system when there are many.
  [[nodiscard]] core::Status shrink(int max_pages);
  /// Changes when another connection has written to the file.
  [[nodiscard]] core::Result<std::int64_t> data_version();
  /// Writes something and takes it back: does the file accept writes?
  [[nodiscard]] core::Status probe();

 private:
  struct TopicStatements {
    sqlite::Statement append;
    sqlite::Statement read;
    sqlite::Statement reclaim;
  };

  explicit LogStore(sqlite::Database database);
  [[nodiscard]] core::Result<std::int64_t> number(sqlite::Statement& statement, std::int64_t if_null = 0);
  [[nodiscard]] core::Result<std::int64_t> number(const std::string& sql, std::int64_t if_null = 0);

  std::unique_ptr<sqlite::Database> database_;  // at a fixed address: the statements' and others' home
  std::array<TopicStatements, 2> topics_;
  sqlite::Statement save_position_;
  sqlite::Statement page_count_;
  sqlite::Statement free_count_;
  sqlite::Statement data_version_;
  std::uint64_t page_bytes_ = 0;
};

}  // namespace liveops::adapters::bus_local
