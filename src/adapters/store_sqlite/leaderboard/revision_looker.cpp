#include "adapters/store_sqlite/leaderboard/revision_looker.hpp"

#include "adapters/store_sqlite/leaderboard/columns.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

using core::Result;

Result<std::optional<Look>> next_look(sqlite::Database& database) {
  auto transaction = sqlite::Transaction::begin(database);
  if (!transaction) return std::unexpected(transaction.error());
  auto newest = database.prepare("SELECT max(disqualified_number) FROM blocks WHERE disqualified_number > 0");
  if (const auto read = newest.step(); !read) return std::unexpected(read.error());
  const std::int64_t through = newest.int64(0);
  newest.reset();
  auto pass = database.prepare(
      "UPDATE standings_tables SET looked_at = ?1 WHERE state = ?2 AND looked_at < ?1 AND NOT EXISTS (SELECT 1 FROM "
      "blocks b WHERE b.disqualified_number > looked_at AND b.disqualified_since < closes_at)");
  const auto sealed = number(ports::StandingsState::sealed);
  if (auto done = pass.bind(1, through).bind(2, sealed).run(); !done) return std::unexpected(done.error());
  auto query = database.prepare(
      "SELECT id, looked_at FROM standings_tables WHERE state = ?2 AND looked_at < ?1 ORDER BY closes_at, id LIMIT 1");
  const auto found = query.bind(1, through).bind(2, sealed).step();
  if (!found) return std::unexpected(found.error());
  std::optional<Look> look;
  if (*found) look = {.table = query.int64(0), .after = query.int64(1), .through = through};
  query.reset();
  if (auto done = transaction->commit(); !done) return std::unexpected(done.error());
  return look;
}

Result<std::vector<LookedUp>> look_up(sqlite::Database& database, const Look& look) {
  // The players first, as there are few: the rows have no index by player.
  auto query = database.prepare(
      "SELECT r.player, r.score, r.achieved_at FROM standings_tables t JOIN snapshots s ON s.complete = 1 AND "
      "s.board = t.board AND s.time_window = t.time_window AND s.period = t.period AND s.sealed = 1 AND s.revision = 1 "
      "JOIN snapshot_rows r ON r.snapshot = s.id WHERE t.id = ?1 AND r.player IN (SELECT p.id FROM blocks b "
      "JOIN players p ON p.name = b.player WHERE b.disqualified_number > ?2 AND b.disqualified_since < "
      "(SELECT closes_at FROM standings_tables WHERE id = ?1))");
  query.bind(1, look.table).bind(2, look.after);
  std::vector<LookedUp> found;
  while (true) {
    const auto row = query.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return found;
    found.push_back({query.int64(0), query.int64(1), query.int64(2)});
  }
}

core::Status keep_found(sqlite::Database& database, const Look& look, const std::vector<LookedUp>& found) {
  auto transaction = sqlite::Transaction::begin(database);
  if (!transaction) return std::unexpected(transaction.error());
  auto keep = database.prepare(
      "INSERT INTO left_out(table_id, player, score, achieved_at, in_first, sealed_at, shown) "
      "VALUES(?1, ?2, ?3, ?4, 1, 0, 1) ON CONFLICT DO NOTHING");
  for (const LookedUp& one : found) {
    keep.bind(1, look.table).bind(2, one.player).bind(3, one.score).bind(4, one.achieved_at);
    if (auto done = keep.run(); !done) return done;
  }
  auto queue = database.prepare("INSERT INTO revision_queue VALUES(?1) ON CONFLICT DO NOTHING");
  if (auto done = queue.bind(1, look.table).run(); !done) return done;
  auto looked = database.prepare("UPDATE standings_tables SET looked_at = ?2 WHERE id = ?1");
  if (auto done = looked.bind(1, look.table).bind(2, look.through).run(); !done) return done;
  return transaction->commit();
}

}  // namespace liveops::adapters::store_sqlite::leaderboard
