#include "adapters/store_sqlite/leaderboard/player_rows.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

PlayerRows::PlayerRows(sqlite::Database& database)
    : database_(database),
      find_(database.prepare("SELECT id FROM players WHERE name = ?1")),
      insert_(database.prepare("INSERT INTO players(name) VALUES(?1)")) {}

core::Result<std::int64_t> PlayerRows::row_of(const std::string& name) {
  if (const auto known = known_.find(name); known != known_.end()) return known->second;
  const auto found = find_.bind_text(1, name).step();
  if (!found) return std::unexpected(found.error());
  std::int64_t row = *found ? find_.int64(0) : 0;
  find_.reset();
  if (!*found) {
    if (auto done = insert_.bind_text(1, name).run(); !done) return std::unexpected(done.error());
    row = database_.last_insert_rowid();
  }
  if (known_.size() >= kRemembered) known_.clear();
  known_.emplace(name, row);
  return row;
}

}  // namespace liveops::adapters::store_sqlite::leaderboard
