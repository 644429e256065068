#pragma once

#include <cstdint>

#include "adapters/sqlite/database.hpp"
#include "adapters/store_sqlite/progression/player_reader.hpp"

namespace liveops::adapters::store_sqlite::progression {

/// Writes the rows of single players that both events and claims touch.
///
/// Threads: the database's; inside a transaction. Errors: as sqlite::map_error.
class PlayerWriter {
 public:
  explicit PlayerWriter(sqlite::Database& database);

  /// Makes a player with no sums, at version 0.
  [[nodiscard]] core::Result<PlayerRow> create(const core::PlayerId& player, core::Timestamp now);
  /// Stores xp, version and updated_at.
  [[nodiscard]] core::Status update(std::int64_t key, const ports::Progress& progress);
  /// Adds to the player's items; true when the quantity stopped at ports::kMaxSum.
  [[nodiscard]] core::Result<bool> add_item(std::int64_t key, const core::ItemId& item, std::int64_t quantity);

 private:
  sqlite::Database& database_;
  sqlite::Statement insert_;
  sqlite::Statement update_;
  sqlite::Statement add_item_;
};

}  // namespace liveops::adapters::store_sqlite::progression
