#include "adapters/store_postgres/leaderboard/ranking.hpp"

#include <algorithm>

#include "adapters/store_postgres/leaderboard/columns.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

using core::Errc;
using core::fail;

namespace {

constexpr std::int64_t kLockClass = 0x4C42524B;  // "LBRK": our part of the advisory locks

constexpr postgres::Statement kLock{"lb_lock_ranking", "SELECT pg_advisory_xact_lock($1::int, $2::int)"};

constexpr postgres::Statement kFind{"lb_find_ranking", R"sql(
SELECT number, rows, direction, opens_at, tie_step FROM leaderboard.rankings WHERE table_id = $1::int)sql"};

constexpr postgres::Statement kNote{"lb_note_ranking", R"sql(
INSERT INTO leaderboard.rankings(table_id, number, rows, direction, opens_at, tie_step)
VALUES ($1::int, $2, $3, $4::int, $5, $6))sql"};

constexpr postgres::Statement kForget{"lb_forget_ranking",
                                      "DELETE FROM leaderboard.rankings WHERE table_id = $1::int RETURNING number"};

constexpr postgres::Statement kExists{"lb_ranking_exists", "SELECT to_regclass($1::text) IS NOT NULL"};

constexpr postgres::Statement kNextNumber{"lb_next_ranking", "SELECT nextval('leaderboard.ranking_number')"};

std::string table_name(std::int64_t number) {
  return "leaderboard.ranking_" + std::to_string(number);
}

/// Sorts in memory where that suffices, else in files: 64 MB is a bound, not a need.
std::string making_sql(std::int64_t number, std::int64_t table_row, const ports::RankOrder& order) {
  const std::string name = table_name(number);
  const std::string table = std::to_string(table_row);
  const std::string direction = order.order == core::BoardOrder::highest ? "DESC" : "ASC";
  const std::string slot =
      "(s.achieved_at - " + std::to_string(to_us(order.opens_at)) + ") / " + std::to_string(order.tie_step_us);
  return "SET LOCAL work_mem = '64MB'; CREATE UNLOGGED TABLE " + name +
         " AS SELECT row_number() OVER (ORDER BY s.score " + direction + ", " + slot +
         ", s.player) AS rank, s.player, s.score, s.achieved_at, s.version FROM leaderboard.standings s "
         "WHERE s.table_id = " +
         table + " AND NOT EXISTS (SELECT FROM leaderboard.left_out h WHERE h.table_id = " + table +
         " AND h.player = s.player); ALTER TABLE " + name + " ADD PRIMARY KEY (rank)";
}

/// How many rows there are, from the index by rank.
ports::Task<std::int64_t> count_rows(postgres::Session& session, std::int64_t number) {
  const auto rows = co_await session.run_text("SELECT coalesce(max(rank), 0) FROM " + table_name(number));
  if (!rows) co_return std::unexpected(rows.error());
  co_return rows->int64(0, 0);
}

/// nullopt: there is none that serves.
ports::Task<std::optional<Ranking>> find_ranking(postgres::Session& session, std::int64_t table_row,
                                                 ports::RankOrder order) {
  postgres::Parameters parameters;
  parameters.add(table_row);
  const auto found = co_await session.run(kFind, std::move(parameters));
  if (!found) co_return std::unexpected(found.error());
  if (found->empty()) co_return std::nullopt;
  const bool same = found->int64(0, 2) == number(order.order) && found->int64(0, 3) == to_us(order.opens_at) &&
                    found->int64(0, 4) == order.tie_step_us;
  if (!same) co_return std::nullopt;
  const Ranking ranking{found->int64(0, 0), found->int64(0, 1)};
  const auto rows = co_await count_rows(session, ranking.number);
  if (!rows) co_return std::unexpected(rows.error());
  if (*rows != ranking.rows) co_return std::nullopt;
  co_return ranking;
}

}  // namespace

ports::Task<void> lock_ranking(postgres::Session& session, std::int64_t table_row) {
  postgres::Parameters parameters;
  parameters.add(kLockClass).add(table_row);
  const auto locked = co_await session.run(kLock, std::move(parameters));
  if (!locked) co_return std::unexpected(locked.error());
  co_return core::Status();
}

ports::Task<Ranking> make_ranking(postgres::Session& session, std::int64_t table_row, ports::RankOrder order) {
  const auto known = co_await find_ranking(session, table_row, order);
  if (!known) co_return std::unexpected(known.error());
  if (*known) co_return **known;
  if (auto done = co_await drop_ranking(session, table_row); !done) co_return std::unexpected(done.error());
  const auto next = co_await session.run(kNextNumber, {});
  if (!next) co_return std::unexpected(next.error());
  Ranking ranking{next->int64(0, 0), 0};
  const auto made = co_await session.run_text(making_sql(ranking.number, table_row, order));
  if (!made) co_return std::unexpected(made.error());
  const auto rows = co_await count_rows(session, ranking.number);
  if (!rows) co_return std::unexpected(rows.error());
  ranking.rows = *rows;
  postgres::Parameters parameters;
  parameters.add(table_row).add(ranking.number).add(ranking.rows);
  parameters.add(number(order.order)).add(to_us(order.opens_at)).add(order.tie_step_us);
  const auto noted = co_await session.run(kNote, std::move(parameters));
  if (!noted) co_return std::unexpected(noted.error());
  co_return ranking;
}

ports::Task<void> drop_ranking(postgres::Session& session, std::int64_t table_row) {
  postgres::Parameters parameters;
  parameters.add(table_row);
  const auto forgotten = co_await session.run(kForget, std::move(parameters));
  if (!forgotten) co_return std::unexpected(forgotten.error());
  if (forgotten->empty()) co_return core::Status();
  const auto dropped = co_await session.run_text("DROP TABLE IF EXISTS " + table_name(forgotten->int64(0, 0)));
  if (!dropped) co_return std::unexpected(dropped.error());
  co_return core::Status();
}

ports::Task<std::vector<ports::Standing>> read_ranking(postgres::Session& session, Ranking ranking, std::int64_t after,
                                                       std::int64_t limit) {
  const std::int64_t last = after + std::min(limit, ranking.rows - after);
  std::vector<ports::Standing> standings;
  if (last == after) co_return standings;
  const auto gone = fail(Errc::unavailable, "the sorted rows of the period are gone: sealing starts again");
  postgres::Parameters parameters;
  parameters.add_text(table_name(ranking.number));
  const auto exists = co_await session.run(kExists, std::move(parameters));
  if (!exists) co_return std::unexpected(exists.error());
  if (!exists->boolean(0, 0)) co_return gone;
  const auto rows = co_await session.run_text("SELECT player, score, achieved_at, version FROM " +
                                              table_name(ranking.number) + " WHERE rank > " + std::to_string(after) +
                                              " AND rank <= " + std::to_string(last) + " ORDER BY rank");
  if (!rows) co_return std::unexpected(rows.error());
  if (static_cast<std::int64_t>(rows->size()) != last - after) co_return gone;
  standings.reserve(rows->size());
  for (std::size_t i = 0; i < rows->size(); ++i) standings.push_back(read_standing(*rows, i, 0));
  co_return standings;
}

}  // namespace liveops::adapters::store_postgres::leaderboard
