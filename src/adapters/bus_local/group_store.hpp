#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "adapters/sqlite/database.hpp"
#include "ports/event_bus.hpp"

namespace liveops::adapters::bus_local {

/// The file `bus.db`: where the groups stand, which messages are for one of them only, and the dead letters
/// (`DeadLetterTable`). One connection; transactions are the caller's.
///
/// Threads: one at a time. Errors, everywhere: as `sqlite::map_error`.
class GroupStore {
 public:
  /// Makes the file or brings its schema up to date. Errors also: `conflict` (written by a newer release, or by an old
  /// build that kept messages in it).
  [[nodiscard]] static core::Result<GroupStore> open(const std::filesystem::path& file);

  [[nodiscard]] sqlite::Database& database() { return *database_; }

  [[nodiscard]] core::Result<std::map<std::string, std::uint64_t>> positions(ports::Topic topic);
  [[nodiscard]] core::Status save_position(ports::Topic topic, const std::string& group, std::uint64_t position);

  /// Messages for one group only: offset -> group.
  [[nodiscard]] core::Result<std::map<std::uint64_t, std::string>> addressed(ports::Topic topic);
  [[nodiscard]] core::Status add_addressed(ports::Topic topic, std::uint64_t offset, const std::string& group);
  /// All groups have passed what lies below.
  [[nodiscard]] core::Status forget_addressed(ports::Topic topic, std::uint64_t below);

  /// Bytes in use, the file's free pages left out.
  [[nodiscard]] core::Result<std::uint64_t> used_bytes();
  /// Gives some free pages back to the file system when there are many.
  [[nodiscard]] core::Status shrink(int max_pages);
  /// Changes when another connection has written to the file.
  [[nodiscard]] core::Result<std::int64_t> data_version();
  /// Writes something and takes it back: does the file accept writes?
  [[nodiscard]] core::Status probe();

 private:
  explicit GroupStore(sqlite::Database database);
  [[nodiscard]] static core::Result<std::int64_t> number(sqlite::Statement& statement);

  std::unique_ptr<sqlite::Database> database_;  // at a fixed address: the statements' and others' home
  sqlite::Statement save_position_;
  sqlite::Statement add_addressed_;
  sqlite::Statement forget_addressed_;
  sqlite::Statement page_count_;
  sqlite::Statement free_count_;
  sqlite::Statement data_version_;
  std::uint64_t page_bytes_ = 0;
};

}  // namespace liveops::adapters::bus_local
