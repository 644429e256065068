#include "adapters/store_postgres/leaderboard/standing_reader.hpp"

#include "adapters/store_postgres/leaderboard/columns.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

using ports::StandingsState;

namespace {

constexpr postgres::Statement kTables{"lb_tables", R"sql(
SELECT board, time_window, period, operator, direction, max_score, opens_at, closes_at, state
FROM leaderboard.standings_tables WHERE state <= $1::int ORDER BY closes_at, id)sql"};

// WITH TIES: the page ends with the last row of a player, not in the middle of one.
constexpr postgres::Statement kScan{"lb_scan", R"sql(
SELECT s.player, s.score, s.achieved_at, s.version, t.board, t.time_window, t.period
FROM leaderboard.standings s JOIN leaderboard.standings_tables t ON t.id = s.table_id
WHERE s.player > $1 AND t.state < $2::int
ORDER BY s.player FETCH FIRST $3 ROWS WITH TIES)sql"};

constexpr postgres::Statement kPlayers{"lb_players", R"sql(
SELECT t.board, t.time_window, t.period, t.operator, t.direction, t.max_score, t.opens_at, t.closes_at,
       s.player, s.score, s.achieved_at, s.version
FROM unnest($1::text[]) AS k(player)
JOIN leaderboard.standings s ON s.player = k.player
JOIN leaderboard.standings_tables t ON t.id = s.table_id
WHERE t.state < $2::int)sql"};

}  // namespace

ports::Task<std::vector<ports::StandingsInfo>> read_tables(postgres::Session& session, bool unsealed_only) {
  postgres::Parameters parameters;
  parameters.add(number(unsealed_only ? StandingsState::sealing : StandingsState::sealed));
  const auto rows = co_await session.run(kTables, std::move(parameters));
  if (!rows) co_return std::unexpected(rows.error());
  std::vector<ports::StandingsInfo> tables;
  tables.reserve(rows->size());
  for (std::size_t i = 0; i < rows->size(); ++i) {
    tables.push_back({read_spec(*rows, i, 0), static_cast<StandingsState>(rows->int64(i, kSpecColumns))});
  }
  co_return tables;
}

ports::Task<std::vector<ports::StandingStore::TableRow>> scan_standings(postgres::Session& session,
                                                                        const std::string& after, std::size_t limit) {
  postgres::Parameters parameters;
  parameters.add_text(after).add(number(StandingsState::sealed)).add(static_cast<std::int64_t>(limit));
  const auto found = co_await session.run(kScan, std::move(parameters));
  if (!found) co_return std::unexpected(found.error());
  std::vector<ports::StandingStore::TableRow> rows;
  rows.reserve(found->size());
  for (std::size_t i = 0; i < found->size(); ++i) rows.push_back({read_id(*found, i, 4), read_standing(*found, i, 0)});
  co_return rows;
}

ports::Task<std::vector<ports::StandingStore::PlayerRow>> read_players(postgres::Session& session,
                                                                       const std::vector<core::PlayerId>& players) {
  if (auto done = co_await session.look_up_by_key(); !done) co_return std::unexpected(done.error());
  std::vector<std::string_view> names;
  names.reserve(players.size());
  for (const auto& player : players) names.push_back(player.str());
  postgres::Parameters parameters;
  parameters.add_text_array(names).add(number(StandingsState::sealed));
  const auto found = co_await session.run(kPlayers, std::move(parameters));
  if (!found) co_return std::unexpected(found.error());
  std::vector<ports::StandingStore::PlayerRow> rows;
  rows.reserve(found->size());
  for (std::size_t i = 0; i < found->size(); ++i) {
    rows.push_back({read_spec(*found, i, 0), read_standing(*found, i, kSpecColumns)});
  }
  co_return rows;
}

}  // namespace liveops::adapters::store_postgres::leaderboard
