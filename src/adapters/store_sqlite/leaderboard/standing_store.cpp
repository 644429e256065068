#include "adapters/store_sqlite/leaderboard/standing_store.hpp"

#include "adapters/store_sqlite/leaderboard/columns.hpp"
#include "adapters/store_sqlite/leaderboard/ranked_rows.hpp"
#include "adapters/store_sqlite/leaderboard/sealing.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

using core::Errc;
using core::fail;
using core::Result;

namespace {

/// Calls `row` for every row of `statement`. Errors: as sqlite::map_error.
template <class OnRow>
core::Status for_each_row(sqlite::Statement& statement, OnRow on_row) {
  while (true) {
    const auto row = statement.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return {};
    on_row(statement);
  }
}

ports::Standing standing_from(const sqlite::Statement& row, int first) {
  return {core::PlayerId::trusted(std::string(row.text(first))), row.int64(first + 1), from_us(row.int64(first + 2)),
          static_cast<std::uint32_t>(row.int64(first + 3))};
}

Result<std::vector<ports::StandingsInfo>> read_tables(sqlite::Database& database, bool unsealed_only) {
  auto query = database.prepare(std::string("SELECT ") + kTableColumns + " FROM standings_tables WHERE state < ?1 " +
                                "ORDER BY closes_at, id");
  query.bind(1, number(ports::StandingsState::sealed) + (unsealed_only ? 0 : 1));
  std::vector<ports::StandingsInfo> tables;
  auto done = for_each_row(query, [&](const sqlite::Statement& row) { tables.push_back(read_info(row)); });
  if (!done) return std::unexpected(done.error());
  return tables;
}

using TableRows = std::vector<ports::StandingStore::TableRow>;

Result<TableRows> scan_page(sqlite::Database& database, const std::string& after, std::size_t limit) {
  auto start = database.prepare("SELECT id FROM players WHERE name = ?1");
  const auto known = start.bind_text(1, after).step();
  if (!known) return std::unexpected(known.error());
  std::int64_t begin = *known ? start.int64(0) : 0;
  auto query = database.prepare(
      "SELECT p.name, s.score, s.achieved_at, s.version, t.board, t.time_window, t.period FROM standings s "
      "JOIN standings_tables t ON t.id = s.table_id JOIN players p ON p.id = s.player "
      "WHERE s.player > ?1 AND s.player <= ?2 AND t.state < ?3 ORDER BY s.player");
  TableRows rows;
  // Stretches where only sealed tables have rows give nothing, but are not the end.
  while (rows.empty() && begin != kNoMorePages) {
    const auto end = end_of_page(database, begin, limit);
    if (!end) return std::unexpected(end.error());
    query.bind(1, begin).bind(2, *end).bind(3, number(ports::StandingsState::sealed));
    auto done = for_each_row(query, [&](const sqlite::Statement& row) {
      core::StandingsId table{core::BoardId::trusted(std::string(row.text(4))), static_cast<core::Window>(row.int64(5)),
                              std::string(row.text(6))};
      rows.push_back({std::move(table), standing_from(row, 0)});
    });
    if (!done) return std::unexpected(done.error());
    query.reset();
    begin = *end;
  }
  return rows;
}

Result<std::vector<ports::StandingStore::PlayerRow>> read_players(sqlite::Database& database,
                                                                  const std::vector<core::PlayerId>& players) {
  auto query = database.prepare(std::string("SELECT ") + kTableColumns +
                                ", p.name, s.score, s.achieved_at, s.version FROM players p "
                                "JOIN standings s ON s.player = p.id JOIN standings_tables t ON t.id = s.table_id "
                                "WHERE p.name = ?1 AND t.state < ?2");
  std::vector<ports::StandingStore::PlayerRow> rows;
  for (const auto& player : players) {
    query.bind_text(1, player.str()).bind(2, number(ports::StandingsState::sealed));
    auto done = for_each_row(
        query, [&](const sqlite::Statement& row) { rows.push_back({read_info(row).spec, standing_from(row, 9)}); });
    if (!done) return std::unexpected(done.error());
    query.reset();
  }
  return rows;
}

}  // namespace

StandingStore::StandingStore(Connections& connections) : connections_(connections), batches_(connections.writer) {}

ports::Task<ports::AppliedBatch> StandingStore::apply(ports::StandingBatch batch) {
  auto job = [this, batch = std::move(batch)] { return batches_.apply(batch); };
  co_return co_await connections_.write_thread.run(std::move(job));
}

ports::Task<std::vector<ports::StandingsInfo>> StandingStore::tables(bool unsealed_only) {
  auto job = [this, unsealed_only] { return read_tables(connections_.reader, unsealed_only); };
  co_return co_await connections_.read_thread.run(std::move(job));
}

ports::Task<std::vector<ports::StandingStore::TableRow>> StandingStore::scan(std::string after, std::size_t limit) {
  auto job = [this, after = std::move(after), limit] { return scan_page(connections_.reader, after, limit); };
  co_return co_await connections_.read_thread.run(std::move(job));
}

ports::Task<std::vector<ports::StandingStore::PlayerRow>> StandingStore::standings_of(
    std::vector<core::PlayerId> players) {
  auto job = [this, players = std::move(players)] { return read_players(connections_.reader, players); };
  co_return co_await connections_.read_thread.run(std::move(job));
}

ports::Task<void> StandingStore::begin_seal(core::StandingsId table, core::Timestamp now) {
  auto job = [this, table = std::move(table), now] { return begin_sealing(connections_.writer, table, now); };
  co_return co_await connections_.write_thread.run(std::move(job));
}

ports::Task<std::unique_ptr<ports::RankedRows>> StandingStore::ranked(core::StandingsId table, ports::RankOrder order) {
  auto job = [this, table = std::move(table), order] { return open_ranked_rows(connections_.reader, table, order); };
  co_return co_await connections_.read_thread.run(std::move(job));
}

ports::Task<void> StandingStore::finish_seal(core::StandingsId table) {
  auto job = [this, table = std::move(table)] { return finish_sealing(connections_.writer, table); };
  co_return co_await connections_.write_thread.run(std::move(job));
}

ports::Task<std::uint64_t> StandingStore::purge_sealed(std::size_t limit) {
  auto job = [this, limit] { return purge_.step(connections_.writer, limit); };
  co_return co_await connections_.write_thread.run(std::move(job));
}

ports::Task<std::uint64_t> StandingStore::forget_events(core::Timestamp before, std::size_t limit) {
  auto job = [this, before, limit] { return forget_old_events(connections_.writer, before, limit, forget_after_); };
  co_return co_await connections_.write_thread.run(std::move(job));
}

}  // namespace liveops::adapters::store_sqlite::leaderboard
