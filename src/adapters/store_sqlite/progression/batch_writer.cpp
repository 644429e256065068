#include "adapters/store_sqlite/progression/batch_writer.hpp"

#include <algorithm>
#include <numeric>

#include "adapters/store_sqlite/progression/rows.hpp"
#include "core/crypto/digest.hpp"
#include "runtime/player_sums.hpp"

namespace liveops::adapters::store_sqlite::progression {

using ports::LedgerEntry;

namespace {

struct Row {
  const LedgerEntry* entry = nullptr;
  std::size_t player = 0;  // in Batch::players
  bool fresh = false;
  bool drop_refused = false;
};

struct TouchedPlayer {
  std::int64_t key = 0;
  runtime::PlayerSums sums;
};

std::string_view bytes_of(const core::EventId& id) {
  return core::crypto::as_bytes(id.bytes());
}

}  // namespace

struct BatchWriter::Batch {
  Batch(const std::vector<LedgerEntry>& entries, core::Timestamp at) : now(at) {
    rows.reserve(entries.size());
    for (const LedgerEntry& entry : entries) rows.push_back({.entry = &entry});
  }

  /// The rows' positions, ordered by `key` of the entry; rows of one key keep the batch's order.
  template <class Key>
  [[nodiscard]] std::vector<std::size_t> order_by(Key key) const {
    std::vector<std::size_t> order(rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
      const auto by_key = key(*rows[a].entry) <=> key(*rows[b].entry);
      return by_key != 0 ? by_key < 0 : a < b;
    });
    return order;
  }

  core::Timestamp now;
  std::vector<Row> rows;
  std::vector<std::size_t> by_player;
  std::vector<TouchedPlayer> players;
  ports::ApplyOutcome outcome;
};

BatchWriter::BatchWriter(sqlite::Database& database)
    : database_(database),
      reader_(database),
      players_(database),
      insert_inbox_(database.prepare("INSERT OR IGNORE INTO inbox VALUES(?)")),
      insert_ledger_(
          database.prepare("INSERT INTO ledger(event_id, player, type, occurred_at, received_at, applied_at, xp, "
                           "score, drop_refused, payload) VALUES(?,?,?,?,?,?,?,?,?,?)")),
      insert_drop_(database.prepare("INSERT OR IGNORE INTO drops VALUES(?,?,?)")),
      put_season_(database.prepare("INSERT INTO season_xp VALUES(?1,?2,?3) ON CONFLICT DO UPDATE SET xp = ?3")),
      put_boss_(database.prepare("INSERT INTO boss_kills VALUES(?1,?2,?3) ON CONFLICT DO UPDATE SET kills = ?3")),
      insert_earned_(database.prepare("INSERT OR IGNORE INTO earned VALUES(?,?,?,?)")),
      swept_to_(database.prepare("SELECT ledger_id FROM inbox_sweep")),
      set_swept_to_(database.prepare("UPDATE inbox_sweep SET ledger_id = ?")),
      old_ledger_(database.prepare("SELECT id, event_id, applied_at FROM ledger WHERE id > ? ORDER BY id LIMIT ?")),
      delete_inbox_(database.prepare("DELETE FROM inbox WHERE event_id = ?")) {}

core::Result<ports::ApplyOutcome> BatchWriter::apply(const std::vector<LedgerEntry>& entries,
                                                     const std::vector<ports::RewardThreshold>& thresholds,
                                                     core::Timestamp now) {
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  Batch batch(entries, now);
  if (auto done = write(batch, thresholds); !done) return std::unexpected(done.error());
  if (auto done = transaction->commit(); !done) return std::unexpected(done.error());
  for (TouchedPlayer& player : batch.players) batch.outcome.players.push_back(player.sums.take_progress());
  return std::move(batch.outcome);
}

core::Status BatchWriter::write(Batch& batch, const std::vector<ports::RewardThreshold>& thresholds) {
  if (auto done = find_fresh(batch); !done) return done;
  if (auto done = load_players(batch); !done) return done;
  if (auto done = grant_drops(batch); !done) return done;
  if (auto done = write_ledger(batch); !done) return done;
  if (auto done = write_sums(batch, thresholds); !done) return done;
  return write_items(batch);
}

core::Status BatchWriter::find_fresh(Batch& batch) {
  for (const std::size_t index : batch.order_by([](const LedgerEntry& e) -> const auto& { return e.event_id; })) {
    Row& row = batch.rows[index];
    if (auto done = insert_inbox_.bind_blob(1, bytes_of(row.entry->event_id)).run(); !done) return done;
    row.fresh = database_.changes() == 1;
    ++(row.fresh ? batch.outcome.applied : batch.outcome.duplicates);
  }
  return {};
}

core::Status BatchWriter::load_players(Batch& batch) {
  batch.by_player = batch.order_by([](const LedgerEntry& e) -> const auto& { return e.player_id; });
  for (const std::size_t index : batch.by_player) {
    Row& row = batch.rows[index];
    const core::PlayerId& id = row.entry->player_id;
    if (batch.players.empty() || batch.players.back().sums.progress().player_id != id) {
      auto found = reader_.find(id);
      if (!found) return std::unexpected(found.error());
      auto player = *found ? core::Result<PlayerRow>(std::move(**found)) : players_.create(id, batch.now);
      if (!player) return std::unexpected(player.error());
      batch.players.push_back({player->key, runtime::PlayerSums(std::move(player->progress))});
    }
    row.player = batch.players.size() - 1;
  }
  return {};
}

core::Status BatchWriter::grant_drops(Batch& batch) {
  std::vector<Row*> claims;
  for (Row& row : batch.rows) {
    if (row.fresh && row.entry->drop) claims.push_back(&row);
  }
  std::ranges::sort(claims, {}, [](const Row* row) {  // rows lie in the batch's order: the first claim comes first
    return std::pair<const core::DropId&, const Row*>(row->entry->drop->drop_id, row);
  });
  for (Row* row : claims) {
    const auto done = insert_drop_.bind_text(1, row->entry->drop->drop_id.str())
                          .bind(2, batch.players[row->player].key)
                          .bind_blob(3, bytes_of(row->entry->event_id))
                          .run();
    if (!done) return done;
    row->drop_refused = database_.changes() == 0;
    if (row->drop_refused) ++batch.outcome.drops_refused;
  }
  return {};
}

core::Status BatchWriter::write_ledger(const Batch& batch) {
  for (const Row& row : batch.rows) {
    if (!row.fresh) continue;
    const LedgerEntry& entry = *row.entry;
    insert_ledger_.bind_blob(1, bytes_of(entry.event_id))
        .bind(2, batch.players[row.player].key)
        .bind(3, static_cast<std::int64_t>(entry.type))
        .bind(4, to_us(entry.occurred_at))
        .bind(5, to_us(entry.received_at))
        .bind(6, to_us(batch.now))
        .bind(7, entry.xp)
        .bind(9, std::int64_t{row.drop_refused})
        .bind_text(10, entry.payload_json);
    if (entry.score) insert_ledger_.bind(8, *entry.score);
    if (auto done = insert_ledger_.run(); !done) return done;
  }
  return {};
}

core::Status BatchWriter::write_sums(Batch& batch, const std::vector<ports::RewardThreshold>& thresholds) {
  for (const Row& row : batch.rows) {
    if (row.fresh) batch.players[row.player].sums.add(*row.entry, thresholds);
  }
  for (auto& [key, player] : batch.players) {
    player.finish(batch.now);
    if (!player.changed()) continue;
    if (auto done = players_.update(key, player.progress()); !done) return done;
    for (const auto* sum : player.changed_seasons()) {
      auto done = put_season_.bind(1, key).bind_text(2, sum->first.str()).bind(3, sum->second).run();
      if (!done) return done;
    }
    for (const auto* sum : player.changed_bosses()) {
      auto done = put_boss_.bind(1, key).bind_text(2, sum->first.str()).bind(3, sum->second).run();
      if (!done) return done;
    }
    for (const runtime::NewlyEarned& earned : player.earned()) {
      insert_earned_.bind(1, key)
          .bind_text(2, earned.threshold->reward_id.str())
          .bind_text(3, season_text(earned.season))
          .bind(4, to_us(batch.now));
      if (auto done = insert_earned_.run(); !done) return done;
      batch.outcome.rewards_earned += static_cast<std::size_t>(database_.changes());
    }
    batch.outcome.saturated += player.saturated();
  }
  return {};
}

core::Status BatchWriter::write_items(Batch& batch) {
  for (const std::size_t index : batch.by_player) {
    const Row& row = batch.rows[index];
    if (!row.fresh || !row.entry->drop || row.drop_refused) continue;
    const core::DropClaimed& drop = *row.entry->drop;
    const auto full = players_.add_item(batch.players[row.player].key, drop.item_id, drop.quantity);
    if (!full) return std::unexpected(full.error());
    if (*full) ++batch.outcome.saturated;
  }
  return {};
}

core::Result<std::size_t> BatchWriter::forget_events(core::Timestamp applied_before, std::size_t limit) {
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  std::int64_t swept_to = 0;
  {
    const Rewind rewind(swept_to_);
    if (const auto row = swept_to_.step(); !row) return std::unexpected(row.error());
    swept_to = swept_to_.int64(0);
  }
  std::size_t forgotten = 0;
  const auto last = forget_rows(swept_to, applied_before, limit, forgotten);
  if (!last) return std::unexpected(last.error());
  if (auto done = set_swept_to_.bind(1, *last).run(); !done) return std::unexpected(done.error());
  if (auto done = transaction->commit(); !done) return std::unexpected(done.error());
  return forgotten;
}

core::Result<std::int64_t> BatchWriter::forget_rows(std::int64_t swept_to, core::Timestamp applied_before,
                                                    std::size_t limit, std::size_t& forgotten) {
  const Rewind rewind(old_ledger_);
  old_ledger_.bind(1, swept_to).bind(2, static_cast<std::int64_t>(limit));
  while (true) {
    const auto more = old_ledger_.step();
    if (!more) return std::unexpected(more.error());
    if (!*more || old_ledger_.int64(2) >= to_us(applied_before)) return swept_to;
    if (auto done = delete_inbox_.bind_blob(1, old_ledger_.blob(1)).run(); !done) return std::unexpected(done.error());
    swept_to = old_ledger_.int64(0);
    ++forgotten;
  }
}

}  // namespace liveops::adapters::store_sqlite::progression
