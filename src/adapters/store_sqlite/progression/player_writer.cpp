#include "adapters/store_sqlite/progression/player_writer.hpp"

#include "adapters/store_sqlite/progression/rows.hpp"

namespace liveops::adapters::store_sqlite::progression {

PlayerWriter::PlayerWriter(sqlite::Database& database)
    : database_(database),
      insert_(database.prepare("INSERT INTO player(player_id, xp, version, updated_at) VALUES(?, 0, 0, ?)")),
      update_(database.prepare("UPDATE player SET xp = ?, version = ?, updated_at = ? WHERE key = ?")),
      // Two sums of at most 2^53 fit into 64 bits.
      add_item_(database.prepare("INSERT INTO inventory VALUES(?1, ?2, min(?3, ?4)) ON CONFLICT DO UPDATE "
                                 "SET quantity = min(quantity + ?3, ?4) RETURNING quantity")) {}

core::Result<PlayerRow> PlayerWriter::create(const core::PlayerId& player, core::Timestamp now) {
  if (auto done = insert_.bind_text(1, player.str()).bind(2, to_us(now)).run(); !done) {
    return std::unexpected(done.error());
  }
  PlayerRow row;
  row.key = database_.last_insert_rowid();
  row.progress.player_id = player;
  row.progress.updated_at = now;
  return row;
}

core::Status PlayerWriter::update(std::int64_t key, const ports::Progress& progress) {
  return update_.bind(1, progress.xp).bind(2, progress.version).bind(3, to_us(progress.updated_at)).bind(4, key).run();
}

core::Result<bool> PlayerWriter::add_item(std::int64_t key, const core::ItemId& item, std::int64_t quantity) {
  const Rewind rewind(add_item_);
  const auto row = add_item_.bind(1, key).bind_text(2, item.str()).bind(3, quantity).bind(4, ports::kMaxSum).step();
  if (!row) return std::unexpected(row.error());
  const bool full = add_item_.int64(0) >= ports::kMaxSum;
  if (const auto end = add_item_.step(); !end) return std::unexpected(end.error());
  return full;
}

}  // namespace liveops::adapters::store_sqlite::progression
