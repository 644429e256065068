#include "adapters/store_sqlite/progression/player_reader.hpp"

#include <tuple>

#include "adapters/store_sqlite/progression/rows.hpp"

namespace liveops::adapters::store_sqlite::progression {

using core::Errc;

PlayerReader::PlayerReader(sqlite::Database& database)
    : player_(database.prepare("SELECT key, xp, version, updated_at FROM player WHERE player_id = ?")),
      seasons_(database.prepare("SELECT season, xp FROM season_xp WHERE player = ?")),
      bosses_(database.prepare("SELECT boss, kills FROM boss_kills WHERE player = ?")),
      items_(database.prepare("SELECT item_id, quantity FROM inventory WHERE player = ? ORDER BY item_id")) {}

core::Result<std::optional<PlayerRow>> PlayerReader::find(const core::PlayerId& player) {
  PlayerRow row;
  {
    const Rewind rewind(player_);
    const auto there = player_.bind_text(1, player.str()).step();
    if (!there) return std::unexpected(there.error());
    if (!*there) return std::nullopt;
    row.key = player_.int64(0);
    row.progress.player_id = player;
    row.progress.xp = player_.int64(1);
    row.progress.version = player_.int64(2);
    row.progress.updated_at = from_us(player_.int64(3));
  }
  if (auto read = read_seasons(row); !read) return std::unexpected(read.error());
  if (auto read = read_bosses(row); !read) return std::unexpected(read.error());
  return row;
}

core::Result<PlayerRow> PlayerReader::require(const core::PlayerId& player) {
  auto row = find(player);
  if (!row) return std::unexpected(row.error());
  if (!*row) return core::fail(Errc::not_found, "no event of player '" + player.str() + "' has been applied");
  return std::move(**row);
}

core::Status PlayerReader::read_seasons(PlayerRow& row) {
  const Rewind rewind(seasons_);
  seasons_.bind(1, row.key);
  while (true) {
    const auto more = seasons_.step();
    if (!more) return std::unexpected(more.error());
    if (!*more) return {};
    row.progress.season_xp.emplace_hint(row.progress.season_xp.end(), name_at<core::SeasonId>(seasons_, 0),
                                        seasons_.int64(1));
  }
}

core::Status PlayerReader::read_bosses(PlayerRow& row) {
  const Rewind rewind(bosses_);
  bosses_.bind(1, row.key);
  while (true) {
    const auto more = bosses_.step();
    if (!more) return std::unexpected(more.error());
    if (!*more) return {};
    row.progress.boss_kills.emplace_hint(row.progress.boss_kills.end(), name_at<core::BossId>(bosses_, 0),
                                         bosses_.int64(1));
  }
}

core::Result<std::vector<ports::InventoryItem>> PlayerReader::items(std::int64_t key) {
  const Rewind rewind(items_);
  items_.bind(1, key);
  std::vector<ports::InventoryItem> items;
  while (true) {
    const auto more = items_.step();
    if (!more) return std::unexpected(more.error());
    if (!*more) return items;
    items.push_back({name_at<core::ItemId>(items_, 0), items_.int64(1)});
  }
}

core::Result<ReadSnapshot> ReadSnapshot::begin(sqlite::Database& database) {
  if (auto begun = database.exec("BEGIN"); !begun) return std::unexpected(begun.error());
  return ReadSnapshot(&database);
}

ReadSnapshot::~ReadSnapshot() {
  // Nothing was written, so a failure can lose nothing; the next BEGIN would name it.
  if (database_ != nullptr) std::ignore = database_->exec("COMMIT");
}

}  // namespace liveops::adapters::store_sqlite::progression
