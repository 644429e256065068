#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "adapters/sqlite/database.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

/// Row numbers of players, made when new; the latest used are remembered.
///
/// Threads: the database's.
class PlayerRows {
 public:
  explicit PlayerRows(sqlite::Database& database);

  /// Requires: a transaction is open. Errors: as sqlite::map_error.
  [[nodiscard]] core::Result<std::int64_t> row_of(const std::string& name);

  /// After a rollback: what was remembered may not exist.
  void forget() { known_.clear(); }

 private:
  static constexpr std::size_t kRemembered = 65536;
  sqlite::Database& database_;
  sqlite::Statement find_;
  sqlite::Statement insert_;
  std::unordered_map<std::string, std::int64_t> known_;
};

}  // namespace liveops::adapters::store_sqlite::leaderboard
