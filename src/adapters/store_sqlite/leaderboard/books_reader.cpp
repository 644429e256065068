#include "adapters/store_sqlite/leaderboard/books_reader.hpp"

#include <algorithm>

#include "adapters/store_sqlite/leaderboard/columns.hpp"
#include "adapters/store_sqlite/leaderboard/sealing.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

using core::Result;
using ports::HeldStanding;

namespace {

constexpr std::size_t kRowsAPlayer = 8;  // about: boards x windows

// The inner query goes along the index of names; each player's rows are neighbours.
constexpr std::string_view kPage =
    "SELECT p.name, t.board, t.time_window, t.period, s.score, s.achieved_at, s.event "
    "FROM (SELECT id, name FROM players WHERE name > ?1 ORDER BY name LIMIT ?2) p "
    "LEFT JOIN standings s ON s.player = p.id "
    "LEFT JOIN standings_tables t ON t.id = s.table_id AND t.state < ?3 ORDER BY p.name, s.table_id";

constexpr std::string_view kRow =
    "SELECT score, achieved_at, event FROM standings WHERE table_id = ?1 "
    "AND player = (SELECT id FROM players WHERE name = ?2)";

/// Score, time and event from column `first` on.
core::Mark mark_at(const sqlite::Statement& row, int first) {
  core::Mark mark{row.int64(first), from_us(row.int64(first + 1)), {}};
  if (!row.is_null(first + 2)) {
    core::EventId::Bytes bytes{};
    std::ranges::copy(row.blob(first + 2).substr(0, bytes.size()), bytes.begin());
    mark.event = core::EventId(bytes);
  }
  return mark;
}

core::StandingsId id_at(const sqlite::Statement& row, int first) {
  return {core::BoardId::trusted(std::string(row.text(first))), static_cast<core::Window>(row.int64(first + 1)),
          std::string(row.text(first + 2))};
}

}  // namespace

BooksReader::BooksReader(sqlite::Database& database)
    : database_(database), page_(database.prepare(kPage)), row_(database.prepare(kRow)) {}

Result<std::vector<ports::StandingsInfo>> BooksReader::tables() {
  auto query =
      database_.prepare(std::string("SELECT ") + kTableColumns + " FROM standings_tables ORDER BY closes_at, id");
  std::vector<ports::StandingsInfo> tables;
  while (true) {
    const auto row = query.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return tables;
    tables.push_back(read_info(query));
  }
}

Result<std::vector<HeldStanding>> BooksReader::rows(std::string after, std::size_t limit) {
  const std::size_t players = std::max<std::size_t>(1, limit / kRowsAPlayer);
  std::vector<HeldStanding> rows;
  // Stretches of players who hold nothing in open tables give nothing, but are not the end.
  while (rows.empty()) {
    const auto more = add_page(after, players, rows);
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
  }
  return rows;
}

Result<bool> BooksReader::add_page(std::string& after, std::size_t players, std::vector<HeldStanding>& rows) {
  page_.reset();
  page_.bind_text(1, after).bind(2, static_cast<std::int64_t>(players));
  page_.bind(3, number(ports::StandingsState::sealed));
  bool any = false;
  while (true) {
    const auto row = page_.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) break;
    any = true;
    after = std::string(page_.text(0));
    if (page_.is_null(1)) continue;  // holds nothing, or only in tables that are sealed
    rows.push_back({core::PlayerId::trusted(after), id_at(page_, 1), mark_at(page_, 4)});
  }
  page_.reset();
  return any;
}

Result<std::vector<HeldStanding>> BooksReader::rows_of(const core::StandingsId& table,
                                                       const std::vector<core::PlayerId>& players) {
  const auto known = find_table(database_, table);
  std::vector<HeldStanding> rows;
  if (!known && known.error().code == core::Errc::not_found) return rows;
  if (!known) return std::unexpected(known.error());
  for (const core::PlayerId& player : players) {
    const auto found = row_.bind(1, known->row).bind_text(2, player.str()).step();
    if (!found) return std::unexpected(found.error());
    if (*found) rows.push_back({player, table, mark_at(row_, 0)});
    row_.reset();
  }
  return rows;
}

Result<std::vector<core::StandingChange>> BooksReader::blocked() {
  auto query = database_.prepare(
      "SELECT player, version, until, changed_at, reason, blocked, disqualified_since, disqualified_for FROM blocks "
      "WHERE blocked = 1 OR disqualified_since IS NOT NULL");
  std::vector<core::StandingChange> blocked;
  while (true) {
    const auto row = query.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return blocked;
    auto& change = blocked.emplace_back();
    change.player_id = core::PlayerId::trusted(std::string(query.text(0)));
    change.blocked = query.int64(5) != 0;
    change.version = query.int64(1);
    if (!query.is_null(2)) change.until = from_us(query.int64(2));
    change.at = from_us(query.int64(3));
    if (!query.is_null(6)) change.disqualified = {from_us(query.int64(6)), std::string(query.text(7))};
    change.reason = std::string(query.text(4));
  }
}

}  // namespace liveops::adapters::store_sqlite::leaderboard
