#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "adapters/sqlite/database.hpp"
#include "ports/progress_store.hpp"

namespace liveops::adapters::store_sqlite::progression {

/// A player as stored, with the surrogate key that other tables use.
struct PlayerRow {
  std::int64_t key = 0;
  ports::Progress progress;
};

/// Reads players' sums and items through one connection.
///
/// Threads: the database's. For one consistent picture, call inside a transaction or a ReadSnapshot.
class PlayerReader {
 public:
  explicit PlayerReader(sqlite::Database& database);

  /// nullopt: no such player. Errors: as sqlite::map_error.
  [[nodiscard]] core::Result<std::optional<PlayerRow>> find(const core::PlayerId& player);
  /// As find, but a player who is not there is `not_found`.
  [[nodiscard]] core::Result<PlayerRow> require(const core::PlayerId& player);
  /// By item id. Errors: as sqlite::map_error.
  [[nodiscard]] core::Result<std::vector<ports::InventoryItem>> items(std::int64_t key);

 private:
  [[nodiscard]] core::Status read_seasons(PlayerRow& row);
  [[nodiscard]] core::Status read_bosses(PlayerRow& row);

  sqlite::Statement player_;
  sqlite::Statement seasons_;
  sqlite::Statement bosses_;
  sqlite::Statement items_;
};

/// A read transaction: what is read until its end is from one moment.
class ReadSnapshot {
 public:
  /// Errors: as sqlite::map_error.
  [[nodiscard]] static core::Result<ReadSnapshot> begin(sqlite::Database& database);
  ~ReadSnapshot();
  ReadSnapshot(ReadSnapshot&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  ReadSnapshot& operator=(ReadSnapshot&&) = delete;

 private:
  explicit ReadSnapshot(sqlite::Database* database) : database_(database) {}
  sqlite::Database* database_;
};

}  // namespace liveops::adapters::store_sqlite::progression
