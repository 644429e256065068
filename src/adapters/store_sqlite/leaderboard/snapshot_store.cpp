#include "adapters/store_sqlite/leaderboard/snapshot_store.hpp"

#include "adapters/store_sqlite/leaderboard/columns.hpp"
#include "adapters/store_sqlite/leaderboard/snapshot_writer.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

using core::Errc;
using core::fail;
using core::Result;
using ports::Snapshot;

namespace {

constexpr const char* kSelect =
    "SELECT name, board, time_window, period, opens_at, closes_at, taken_at, sealed, revision, rows, total, sha256, "
    "signature, id FROM snapshots WHERE complete = 1";
constexpr int kRowColumn = 13;

Snapshot snapshot_from(const sqlite::Statement& row) {
  Snapshot snapshot;
  snapshot.id = std::string(row.text(0));
  snapshot.table = {core::BoardId::trusted(std::string(row.text(1))), static_cast<core::Window>(row.int64(2)),
                    std::string(row.text(3))};
  snapshot.opens_at = from_us(row.int64(4));
  snapshot.closes_at = from_us(row.int64(5));
  snapshot.taken_at = from_us(row.int64(6));
  snapshot.sealed = row.int64(7) != 0;
  snapshot.revision = static_cast<int>(row.int64(8));
  snapshot.rows = static_cast<std::uint64_t>(row.int64(9));
  snapshot.total = static_cast<std::uint64_t>(row.int64(10));
  snapshot.sha256 = std::string(row.text(11));
  snapshot.signature = std::string(row.text(12));
  return snapshot;
}

Result<std::vector<Snapshot>> list_snapshots(sqlite::Database& database, const ports::SnapshotFilter& filter,
                                             std::uint64_t offset, std::size_t limit) {
  std::string sql = kSelect;
  if (filter.board) sql += " AND board = ?1";
  if (filter.window) sql += " AND time_window = ?2";
  if (filter.period) sql += " AND period = ?3";
  if (filter.sealed) sql += " AND sealed = ?4";
  auto query = database.prepare(sql + " ORDER BY taken_at DESC, name DESC LIMIT ?5 OFFSET ?6");
  if (filter.board) query.bind_text(1, filter.board->str());
  if (filter.window) query.bind(2, number(*filter.window));
  if (filter.period) query.bind_text(3, *filter.period);
  if (filter.sealed) query.bind(4, std::int64_t{*filter.sealed});
  query.bind(5, static_cast<std::int64_t>(limit)).bind(6, static_cast<std::int64_t>(offset));
  std::vector<Snapshot> snapshots;
  while (true) {
    const auto row = query.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return snapshots;
    snapshots.push_back(snapshot_from(query));
  }
}

struct Found {
  Snapshot snapshot;
  std::int64_t row = 0;
};

Result<Found> find_snapshot(sqlite::Database& database, const std::string& id) {
  auto query = database.prepare(std::string(kSelect) + " AND name = ?1");
  const auto found = query.bind_text(1, id).step();
  if (!found) return std::unexpected(found.error());
  if (!*found) return fail(Errc::not_found, "no snapshot has this id");
  return Found{snapshot_from(query), query.int64(kRowColumn)};
}

constexpr const char* kSelectRows =
    "SELECT r.rank, p.name, r.score, r.achieved_at, r.previous_rank FROM snapshot_rows r JOIN players p "
    "ON p.id = r.player WHERE r.snapshot = ?1 AND r.rank > ?2 ";

Result<std::vector<ports::SnapshotRow>> rows_from(sqlite::Statement& query) {
  std::vector<ports::SnapshotRow> rows;
  while (true) {
    const auto row = query.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return rows;
    rows.push_back({static_cast<std::uint64_t>(query.int64(0)), core::PlayerId::trusted(std::string(query.text(1))),
                    query.int64(2), from_us(query.int64(3)), static_cast<std::uint64_t>(query.int64(4))});
  }
}

Result<std::vector<ports::SnapshotRow>> read_rows(sqlite::Database& database, const std::string& id,
                                                  std::uint64_t offset, std::size_t limit) {
  const auto found = find_snapshot(database, id);
  if (!found) return std::unexpected(found.error());
  // Ranks have no gaps, so an offset is a place in the key.
  auto query = database.prepare(std::string(kSelectRows) + "ORDER BY r.rank LIMIT ?3");
  query.bind(1, found->row).bind(2, static_cast<std::int64_t>(offset)).bind(3, static_cast<std::int64_t>(limit));
  return rows_from(query);
}

Result<std::vector<ports::SnapshotRow>> read_promoted(sqlite::Database& database, const std::string& id,
                                                      std::uint64_t after, std::size_t limit) {
  const auto found = find_snapshot(database, id);
  if (!found) return std::unexpected(found.error());
  auto query = database.prepare(std::string(kSelectRows) + "AND r.previous_rank > r.rank ORDER BY r.rank LIMIT ?3");
  query.bind(1, found->row).bind(2, static_cast<std::int64_t>(after)).bind(3, static_cast<std::int64_t>(limit));
  return rows_from(query);
}

}  // namespace

ports::Task<void> SnapshotStore::begin(std::string id) {
  auto job = [this, id = std::move(id)] { return begin_snapshot(connections_.writer, id); };
  co_return co_await connections_.write_thread.run(std::move(job));
}

ports::Task<void> SnapshotStore::append(std::string id, std::vector<ports::SnapshotRow> rows) {
  auto job = [this, id = std::move(id), rows = std::move(rows)] { return append_rows(connections_.writer, id, rows); };
  co_return co_await connections_.write_thread.run(std::move(job));
}

ports::Task<void> SnapshotStore::complete(Snapshot snapshot) {
  auto job = [this, snapshot = std::move(snapshot)] { return complete_snapshot(connections_.writer, snapshot); };
  co_return co_await connections_.write_thread.run(std::move(job));
}

ports::Task<std::vector<Snapshot>> SnapshotStore::list(ports::SnapshotFilter filter, std::uint64_t offset,
                                                       std::size_t limit) {
  auto job = [this, filter = std::move(filter), offset, limit] {
    return list_snapshots(connections_.reader, filter, offset, limit);
  };
  co_return co_await connections_.read_thread.run(std::move(job));
}

ports::Task<Snapshot> SnapshotStore::find(std::string id) {
  auto job = [this, id = std::move(id)]() -> Result<Snapshot> {
    auto found = find_snapshot(connections_.reader, id);
    if (!found) return std::unexpected(found.error());
    return std::move(found->snapshot);
  };
  co_return co_await connections_.read_thread.run(std::move(job));
}

ports::Task<std::vector<ports::SnapshotRow>> SnapshotStore::rows(std::string id, std::uint64_t offset,
                                                                 std::size_t limit) {
  auto job = [this, id = std::move(id), offset, limit] { return read_rows(connections_.reader, id, offset, limit); };
  co_return co_await connections_.read_thread.run(std::move(job));
}

ports::Task<std::vector<ports::SnapshotRow>> SnapshotStore::promoted(std::string id, std::uint64_t after,
                                                                     std::size_t limit) {
  auto job = [this, id = std::move(id), after, limit] { return read_promoted(connections_.reader, id, after, limit); };
  co_return co_await connections_.read_thread.run(std::move(job));
}

ports::Task<std::uint64_t> SnapshotStore::keep_newest(core::StandingsId table, std::size_t keep) {
  auto job = [this, table = std::move(table), keep] { return keep_newest_snapshots(connections_.writer, table, keep); };
  co_return co_await connections_.write_thread.run(std::move(job));
}

}  // namespace liveops::adapters::store_sqlite::leaderboard
