#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sqlite/database.hpp"
#include "ports/dead_letters.hpp"

namespace liveops::adapters::bus_local {

/// The dead letters in bus.db. A letter whose redrive was requested is no longer shown; the owner of the bus moves it.
///
/// Threads: one at a time. Errors, everywhere: as `sqlite::map_error`.
class DeadLetterTable {
 public:
  explicit DeadLetterTable(sqlite::Database& database);

  /// `letter.id` is not used: the table gives one.
  [[nodiscard]] core::Status add(const ports::DeadLetter& letter);
  [[nodiscard]] core::Result<std::vector<ports::DeadLetter>> list(std::size_t limit, std::string_view after);
  /// Errors also: `not_found`.
  [[nodiscard]] core::Result<ports::DeadLetter> find(std::string_view id);
  /// Errors also: `not_found`.
  [[nodiscard]] core::Status request_redrive(std::string_view id);
  /// Letters whose redrive was requested, oldest first, a limited number.
  [[nodiscard]] core::Result<std::vector<ports::DeadLetter>> requested();
  [[nodiscard]] core::Status remove(std::string_view id);

 private:
  [[nodiscard]] static core::Result<std::vector<ports::DeadLetter>> read_all(sqlite::Statement& select);

  sqlite::Database& database_;
  sqlite::Statement insert_;
  sqlite::Statement list_;
  sqlite::Statement find_;
  sqlite::Statement request_;
  sqlite::Statement requested_;
  sqlite::Statement remove_;
};

}  // namespace liveops::adapters::bus_local
