#include "adapters/store_postgres/leaderboard/snapshot_reader.hpp"

#include "adapters/store_postgres/leaderboard/columns.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

using core::Errc;
using core::fail;
using ports::Snapshot;

namespace {

constexpr postgres::Statement kList{"lb_list_snapshots", R"sql(
SELECT board, time_window, period, name, opens_at, closes_at, taken_at, sealed, revision, rows, total, sha256, signature
FROM leaderboard.snapshots
WHERE complete AND ($1::text IS NULL OR board = $1) AND ($2::int IS NULL OR time_window = $2)
  AND ($3::text IS NULL OR period = $3) AND ($4::boolean IS NULL OR sealed = $4)
ORDER BY taken_at DESC, name DESC LIMIT $5 OFFSET $6)sql"};

constexpr postgres::Statement kFind{"lb_find_snapshot", R"sql(
SELECT board, time_window, period, name, opens_at, closes_at, taken_at, sealed, revision, rows, total, sha256, signature
FROM leaderboard.snapshots WHERE complete AND name = $1)sql"};

constexpr postgres::Statement kNumber{"lb_snapshot_number",
                                      "SELECT id FROM leaderboard.snapshots WHERE complete AND name = $1"};

// Ranks have no gaps, so an offset is a place in the key.
constexpr postgres::Statement kRows{"lb_snapshot_rows", R"sql(
SELECT rank, player, score, achieved_at, coalesce(previous_rank, 0) FROM leaderboard.snapshot_rows
WHERE snapshot = $1 AND rank > $2 ORDER BY rank LIMIT $3)sql"};

constexpr postgres::Statement kPromoted{"lb_promoted_rows", R"sql(
SELECT rank, player, score, achieved_at, previous_rank FROM leaderboard.snapshot_rows
WHERE snapshot = $1 AND rank > $2 AND previous_rank > rank ORDER BY rank LIMIT $3)sql"};

Snapshot read_snapshot(const postgres::Rows& rows, std::size_t row) {
  Snapshot snapshot;
  snapshot.table = read_id(rows, row, 0);
  snapshot.id = std::string(rows.text(row, 3));
  snapshot.opens_at = from_us(rows.int64(row, 4));
  snapshot.closes_at = from_us(rows.int64(row, 5));
  snapshot.taken_at = from_us(rows.int64(row, 6));
  snapshot.sealed = rows.boolean(row, 7);
  snapshot.revision = static_cast<int>(rows.int64(row, 8));
  snapshot.rows = static_cast<std::uint64_t>(rows.int64(row, 9));
  snapshot.total = static_cast<std::uint64_t>(rows.int64(row, 10));
  snapshot.sha256 = std::string(rows.text(row, 11));
  snapshot.signature = std::string(rows.text(row, 12));
  return snapshot;
}

postgres::Parameters filter_parameters(const ports::SnapshotFilter& filter) {
  postgres::Parameters parameters;
  filter.board ? parameters.add_text(filter.board->str()) : parameters.add_null();
  filter.window ? parameters.add(number(*filter.window)) : parameters.add_null();
  filter.period ? parameters.add_text(*filter.period) : parameters.add_null();
  filter.sealed ? parameters.add(*filter.sealed) : parameters.add_null();
  return parameters;
}

}  // namespace

ports::Task<std::vector<Snapshot>> list_snapshots(postgres::Session& session, const ports::SnapshotFilter& filter,
                                                  std::uint64_t offset, std::size_t limit) {
  auto parameters = filter_parameters(filter);
  parameters.add(static_cast<std::int64_t>(limit)).add(static_cast<std::int64_t>(offset));
  const auto rows = co_await session.run(kList, std::move(parameters));
  if (!rows) co_return std::unexpected(rows.error());
  std::vector<Snapshot> snapshots;
  for (std::size_t i = 0; i < rows->size(); ++i) snapshots.push_back(read_snapshot(*rows, i));
  co_return snapshots;
}

ports::Task<Snapshot> find_snapshot(postgres::Session& session, const std::string& id) {
  postgres::Parameters parameters;
  parameters.add_text(id);
  const auto rows = co_await session.run(kFind, std::move(parameters));
  if (!rows) co_return std::unexpected(rows.error());
  if (rows->empty()) co_return fail(Errc::not_found, "no snapshot has this id");
  co_return read_snapshot(*rows, 0);
}

namespace {

ports::Task<std::vector<ports::SnapshotRow>> rows_after(postgres::Session& session,
                                                        const postgres::Statement& statement, const std::string& id,
                                                        std::uint64_t after, std::size_t limit) {
  postgres::Parameters name;
  name.add_text(id);
  const auto found = co_await session.run(kNumber, std::move(name));
  if (!found) co_return std::unexpected(found.error());
  if (found->empty()) co_return fail(Errc::not_found, "no snapshot has this id");
  postgres::Parameters parameters;
  parameters.add(found->int64(0, 0)).add(static_cast<std::int64_t>(after)).add(static_cast<std::int64_t>(limit));
  const auto read = co_await session.run(statement, std::move(parameters));
  if (!read) co_return std::unexpected(read.error());
  std::vector<ports::SnapshotRow> rows;
  rows.reserve(read->size());
  for (std::size_t i = 0; i < read->size(); ++i) {
    rows.push_back({static_cast<std::uint64_t>(read->int64(i, 0)),
                    core::PlayerId::trusted(std::string(read->text(i, 1))), read->int64(i, 2),
                    from_us(read->int64(i, 3)), static_cast<std::uint64_t>(read->int64(i, 4))});
  }
  co_return rows;
}

}  // namespace

ports::Task<std::vector<ports::SnapshotRow>> read_snapshot_rows(postgres::Session& session, const std::string& id,
                                                                std::uint64_t offset, std::size_t limit) {
  return rows_after(session, kRows, id, offset, limit);
}

ports::Task<std::vector<ports::SnapshotRow>> read_promoted_rows(postgres::Session& session, const std::string& id,
                                                                std::uint64_t after, std::size_t limit) {
  return rows_after(session, kPromoted, id, after, limit);
}

}  // namespace liveops::adapters::store_postgres::leaderboard
