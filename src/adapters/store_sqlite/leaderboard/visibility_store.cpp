#include "adapters/store_sqlite/leaderboard/visibility_store.hpp"

#include <set>

#include "adapters/store_sqlite/leaderboard/columns.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

using core::Result;
using core::StandingChange;

namespace {

constexpr const char* kColumns =
    "player, version, blocked, until, changed_at, reason, disqualified_since, disqualified_for";

StandingChange change_from(const sqlite::Statement& row) {
  StandingChange change;
  change.player_id = core::PlayerId::trusted(std::string(row.text(0)));
  change.version = row.int64(1);
  change.blocked = row.int64(2) != 0;
  if (!row.is_null(3)) change.until = from_us(row.int64(3));
  change.at = from_us(row.int64(4));
  change.reason = std::string(row.text(5));
  if (!row.is_null(6)) change.disqualified = {from_us(row.int64(6)), std::string(row.text(7))};
  return change;
}

core::Status keep(sqlite::Statement& upsert, const StandingChange& change, std::int64_t number) {
  upsert.bind_text(1, change.player_id.str()).bind(2, change.version).bind(3, std::int64_t{change.blocked});
  if (change.until) {
    upsert.bind(4, to_us(*change.until));
  } else {
    upsert.bind_null(4);
  }
  if (change.disqualified) {
    upsert.bind(7, to_us(change.disqualified->since)).bind_text(8, change.disqualified->reason);
  } else {
    upsert.bind_null(7).bind_null(8);
  }
  return upsert.bind(5, to_us(change.at)).bind_text(6, change.reason).bind(9, number).run();
}

Result<std::int64_t> next_number(sqlite::Database& database) {
  auto tick = database.prepare("UPDATE revision_clock SET number = number + 1 RETURNING number");
  const auto ticked = tick.step();
  if (!ticked) return std::unexpected(ticked.error());
  const std::int64_t number = tick.int64(0);
  // To its end: SQLite makes the change with the first row, but keeps the statement open.
  if (auto done = tick.run(); !done) return std::unexpected(done.error());
  return number;
}

/// Has the sealed tables looked at in which a disqualification that changed under this number may have a part.
core::Status queue_changed(sqlite::Database& database, std::int64_t number) {
  auto queue = database.prepare(
      "INSERT INTO revision_queue SELECT DISTINCT l.table_id FROM blocks b JOIN players p ON p.name = b.player "
      "JOIN left_out l ON l.player = p.id WHERE b.disqualified_number = ?1 ON CONFLICT DO NOTHING");
  return queue.bind(1, number).run();
}

core::Status overturn(sqlite::Database& database, const StandingChange& change) {
  const auto since = to_us(*change.overturned_since);
  auto queue = database.prepare(
      "INSERT INTO revision_queue SELECT l.table_id FROM left_out l JOIN players p ON p.id = l.player "
      "WHERE p.name = ?1 AND l.block_version < ?2 AND l.sealed_at >= ?3 ON CONFLICT DO NOTHING");
  if (auto done = queue.bind_text(1, change.player_id.str()).bind(2, change.version).bind(3, since).run(); !done) {
    return done;
  }
  auto lift = database.prepare(
      "UPDATE left_out SET block_version = NULL WHERE player = (SELECT id FROM players WHERE name = ?1) "
      "AND block_version < ?2 AND sealed_at >= ?3");
  return lift.bind_text(1, change.player_id.str()).bind(2, change.version).bind(3, since).run();
}

Result<std::vector<StandingChange>> apply_changes(sqlite::Database& database,
                                                  const std::vector<StandingChange>& changes) {
  auto transaction = sqlite::Transaction::begin(database);
  if (!transaction) return std::unexpected(transaction.error());
  auto upsert = database.prepare(
      "INSERT INTO blocks(player, version, blocked, until, changed_at, reason, disqualified_since, disqualified_for, "
      "disqualified_number) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, iif(?7 IS NULL, 0, ?9)) "
      "ON CONFLICT(player) DO UPDATE SET version = excluded.version, blocked = excluded.blocked, "
      "until = excluded.until, changed_at = excluded.changed_at, reason = excluded.reason, "
      "disqualified_since = excluded.disqualified_since, disqualified_for = excluded.disqualified_for, "
      "disqualified_number = iif(disqualified_since IS excluded.disqualified_since, disqualified_number, ?9) "
      "WHERE excluded.version > version");
  const auto number = next_number(database);
  if (!number) return std::unexpected(number.error());
  std::set<core::PlayerId> players;
  for (const auto& change : changes) {
    if (auto done = keep(upsert, change, *number); !done) return std::unexpected(done.error());
    if (change.overturned_since) {
      if (auto done = overturn(database, change); !done) return std::unexpected(done.error());
    }
    players.insert(change.player_id);
  }
  if (auto done = queue_changed(database, *number); !done) return std::unexpected(done.error());
  auto query = database.prepare(std::string("SELECT ") + kColumns + " FROM blocks WHERE player = ?1");
  std::vector<StandingChange> current;
  for (const auto& player : players) {
    const auto found = query.bind_text(1, player.str()).step();
    if (!found) return std::unexpected(found.error());
    if (*found) current.push_back(change_from(query));
    query.reset();
  }
  if (auto done = transaction->commit(); !done) return std::unexpected(done.error());
  return current;
}

Result<std::vector<StandingChange>> read_blocked(sqlite::Database& database) {
  auto query = database.prepare(std::string("SELECT ") + kColumns +
                                " FROM blocks WHERE blocked = 1 OR disqualified_since IS NOT NULL");
  std::vector<StandingChange> blocked;
  while (true) {
    const auto row = query.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return blocked;
    blocked.push_back(change_from(query));
  }
}

Result<std::uint64_t> forget_changes(sqlite::Database& database, core::Timestamp before, std::size_t limit) {
  auto remove = database.prepare(
      "DELETE FROM blocks WHERE player IN (SELECT player FROM blocks WHERE changed_at < ?1 AND "
      "(blocked = 0 OR until <= ?1) AND disqualified_since IS NULL LIMIT ?2)");
  if (auto done = remove.bind(1, to_us(before)).bind(2, static_cast<std::int64_t>(limit)).run(); !done) {
    return std::unexpected(done.error());
  }
  return static_cast<std::uint64_t>(database.changes());
}

}  // namespace

ports::Task<std::vector<StandingChange>> VisibilityStore::apply(std::vector<StandingChange> changes) {
  auto job = [this, changes = std::move(changes)] { return apply_changes(connections_.writer, changes); };
  co_return co_await connections_.write_thread.run(std::move(job));
}

ports::Task<std::vector<StandingChange>> VisibilityStore::blocked() {
  auto job = [this] { return read_blocked(connections_.reader); };
  co_return co_await connections_.read_thread.run(std::move(job));
}

ports::Task<std::uint64_t> VisibilityStore::forget(core::Timestamp before, std::size_t limit) {
  auto job = [this, before, limit] { return forget_changes(connections_.writer, before, limit); };
  co_return co_await connections_.write_thread.run(std::move(job));
}

}  // namespace liveops::adapters::store_sqlite::leaderboard
