#include "adapters/store_sqlite/leaderboard/visibility_store.hpp"

#include <set>

#include "adapters/store_sqlite/leaderboard/columns.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

using core::Result;
using core::StandingChange;

namespace {

constexpr const char* kColumns = "player, version, blocked, until, changed_at, reason";

StandingChange change_from(const sqlite::Statement& row) {
  StandingChange change;
  change.player_id = core::PlayerId::trusted(std::string(row.text(0)));
  change.version = row.int64(1);
  change.blocked = row.int64(2) != 0;
  if (!row.is_null(3)) change.until = from_us(row.int64(3));
  change.at = from_us(row.int64(4));
  change.reason = std::string(row.text(5));
  return change;
}

core::Status keep(sqlite::Statement& upsert, const StandingChange& change) {
  upsert.bind_text(1, change.player_id.str()).bind(2, change.version).bind(3, std::int64_t{change.blocked});
  if (change.until) {
    upsert.bind(4, to_us(*change.until));
  } else {
    upsert.bind_null(4);
  }
  return upsert.bind(5, to_us(change.at)).bind_text(6, change.reason).run();
}

Result<std::vector<StandingChange>> apply_changes(sqlite::Database& database,
                                                  const std::vector<StandingChange>& changes) {
  auto transaction = sqlite::Transaction::begin(database);
  if (!transaction) return std::unexpected(transaction.error());
  auto upsert = database.prepare(
      "INSERT INTO blocks(player, version, blocked, until, changed_at, reason) VALUES(?1,?2,?3,?4,?5,?6) "
      "ON CONFLICT(player) DO UPDATE SET version = excluded.version, blocked = excluded.blocked, "
      "until = excluded.until, changed_at = excluded.changed_at, reason = excluded.reason "
      "WHERE excluded.version > version");
  std::set<core::PlayerId> players;
  for (const auto& change : changes) {
    if (auto done = keep(upsert, change); !done) return std::unexpected(done.error());
    players.insert(change.player_id);
  }
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
  auto query = database.prepare(std::string("SELECT ") + kColumns + " FROM blocks WHERE blocked = 1");
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
      "(blocked = 0 OR until <= ?1) LIMIT ?2)");
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
