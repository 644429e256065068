#include "adapters/store_sqlite/leaderboard/snapshot_writer.hpp"

#include "adapters/store_sqlite/leaderboard/columns.hpp"
#include "adapters/store_sqlite/leaderboard/player_rows.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

using core::Errc;
using core::fail;
using core::Result;

namespace {

struct Draft {
  std::int64_t row = 0;
  bool complete = false;
};

/// nullopt: nothing has this name. Errors: as sqlite::map_error.
Result<std::optional<Draft>> find_draft(sqlite::Database& database, const std::string& id) {
  auto query = database.prepare("SELECT id, complete FROM snapshots WHERE name = ?1");
  const auto found = query.bind_text(1, id).step();
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  return Draft{query.int64(0), query.int64(1) != 0};
}

/// The row of a snapshot that was begun and is not complete. Errors: `conflict` otherwise.
Result<std::int64_t> open_draft(sqlite::Database& database, const std::string& id) {
  const auto draft = find_draft(database, id);
  if (!draft) return std::unexpected(draft.error());
  if (!*draft) return fail(Errc::conflict, "the snapshot was not begun");
  if ((*draft)->complete) return fail(Errc::conflict, "the snapshot is complete");
  return (*draft)->row;
}

core::Status remove_rows(sqlite::Database& database, std::int64_t snapshot) {
  auto remove = database.prepare("DELETE FROM snapshot_rows WHERE snapshot = ?1");
  return remove.bind(1, snapshot).run();
}

}  // namespace

core::Status begin_snapshot(sqlite::Database& database, const std::string& id) {
  auto transaction = sqlite::Transaction::begin(database);
  if (!transaction) return std::unexpected(transaction.error());
  const auto draft = find_draft(database, id);
  if (!draft) return std::unexpected(draft.error());
  if (*draft) {
    if ((*draft)->complete) return fail(Errc::conflict, "the snapshot is complete");
    if (auto done = remove_rows(database, (*draft)->row); !done) return done;
  } else {
    auto insert = database.prepare("INSERT INTO snapshots(name) VALUES(?1)");
    if (auto done = insert.bind_text(1, id).run(); !done) return done;
  }
  return transaction->commit();
}

core::Status append_rows(sqlite::Database& database, const std::string& id,
                         const std::vector<ports::SnapshotRow>& rows) {
  auto transaction = sqlite::Transaction::begin(database);
  if (!transaction) return std::unexpected(transaction.error());
  const auto snapshot = open_draft(database, id);
  if (!snapshot) return std::unexpected(snapshot.error());
  PlayerRows players(database);
  auto insert = database.prepare(
      "INSERT INTO snapshot_rows(snapshot, rank, player, score, achieved_at, previous_rank) "
      "VALUES(?1, ?2, ?3, ?4, ?5, nullif(?6, 0))");
  for (const auto& row : rows) {
    const auto player = players.row_of(row.player.str());
    if (!player) return std::unexpected(player.error());
    insert.bind(1, *snapshot).bind(2, static_cast<std::int64_t>(row.rank)).bind(3, *player);
    insert.bind(6, static_cast<std::int64_t>(row.previous_rank));
    if (auto done = insert.bind(4, row.score).bind(5, to_us(row.achieved_at)).run(); !done) return done;
  }
  return transaction->commit();
}

core::Status complete_snapshot(sqlite::Database& database, const ports::Snapshot& snapshot) {
  auto transaction = sqlite::Transaction::begin(database);
  if (!transaction) return std::unexpected(transaction.error());
  const auto row = open_draft(database, snapshot.id);
  if (!row) return std::unexpected(row.error());
  auto update = database.prepare(
      "UPDATE snapshots SET complete = 1, board = ?2, time_window = ?3, period = ?4, opens_at = ?5, closes_at = ?6, "
      "taken_at = ?7, sealed = ?8, revision = ?9, rows = ?10, total = ?11, sha256 = ?12, signature = ?13 "
      "WHERE id = ?1");
  update.bind(1, *row);
  bind_id(update, 2, snapshot.table);
  update.bind(5, to_us(snapshot.opens_at)).bind(6, to_us(snapshot.closes_at)).bind(7, to_us(snapshot.taken_at));
  update.bind(8, std::int64_t{snapshot.sealed}).bind(9, std::int64_t{snapshot.revision});
  update.bind(10, static_cast<std::int64_t>(snapshot.rows)).bind(11, static_cast<std::int64_t>(snapshot.total));
  if (auto done = update.bind_text(12, snapshot.sha256).bind_text(13, snapshot.signature).run(); !done) return done;
  return transaction->commit();
}

Result<std::uint64_t> keep_newest_snapshots(sqlite::Database& database, const core::StandingsId& table,
                                            std::size_t keep) {
  auto transaction = sqlite::Transaction::begin(database);
  if (!transaction) return std::unexpected(transaction.error());
  auto query = database.prepare(
      "SELECT id FROM snapshots WHERE complete = 1 AND board = ?1 AND time_window = ?2 AND period = ?3 AND sealed = 0 "
      "ORDER BY taken_at DESC, name DESC LIMIT -1 OFFSET ?4");
  bind_id(query, 1, table);
  query.bind(4, static_cast<std::int64_t>(keep));
  std::vector<std::int64_t> old;
  while (true) {
    const auto row = query.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) break;
    old.push_back(query.int64(0));
  }
  query.reset();
  auto remove = database.prepare("DELETE FROM snapshots WHERE id = ?1");
  for (const std::int64_t snapshot : old) {
    if (auto done = remove_rows(database, snapshot); !done) return std::unexpected(done.error());
    if (auto done = remove.bind(1, snapshot).run(); !done) return std::unexpected(done.error());
  }
  if (auto done = transaction->commit(); !done) return std::unexpected(done.error());
  return old.size();
}

}  // namespace liveops::adapters::store_sqlite::leaderboard
