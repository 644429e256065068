#include "adapters/store_sqlite/leaderboard/sealing.hpp"

#include "adapters/store_sqlite/leaderboard/columns.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

using core::Errc;
using core::fail;
using core::Result;
using ports::StandingsState;

namespace {

core::Status set_state(sqlite::Database& database, std::int64_t row, StandingsState state) {
  auto update = database.prepare("UPDATE standings_tables SET state = ?2 WHERE id = ?1");
  return update.bind(1, row).bind(2, number(state)).run();
}

// What standings_tables.purged says; 0: the rows are kept.
constexpr std::int64_t kClearing = 1;  // in the round that is under way, or was when the process ended
constexpr std::int64_t kGone = 2;

/// Marks what a round clears; false: there is nothing.
Result<bool> begin_round(sqlite::Database& database) {
  auto mark = database.prepare("UPDATE standings_tables SET purged = ?2 WHERE state = ?1 AND purged < ?3");
  mark.bind(1, number(StandingsState::sealed)).bind(2, kClearing).bind(3, kGone);
  if (auto done = mark.run(); !done) return std::unexpected(done.error());
  return database.changes() > 0;
}

core::Status end_round(sqlite::Database& database) {
  auto mark = database.prepare("UPDATE standings_tables SET purged = ?2 WHERE purged = ?1");
  return mark.bind(1, kClearing).bind(2, kGone).run();
}

}  // namespace

Result<TableState> find_table(sqlite::Database& database, const core::StandingsId& table) {
  auto query =
      database.prepare("SELECT id, state FROM standings_tables WHERE board = ?1 AND time_window = ?2 AND period = ?3");
  bind_id(query, 1, table);
  const auto found = query.step();
  if (!found) return std::unexpected(found.error());
  if (!*found) return fail(Errc::not_found, "no such table of standings");
  return TableState{query.int64(0), static_cast<StandingsState>(query.int64(1))};
}

core::Status begin_sealing(sqlite::Database& database, const core::StandingsId& table, core::Timestamp now) {
  auto transaction = sqlite::Transaction::begin(database);
  if (!transaction) return std::unexpected(transaction.error());
  const auto found = find_table(database, table);
  if (!found) return std::unexpected(found.error());
  if (found->state == StandingsState::sealing) return {};
  if (found->state == StandingsState::sealed) return fail(Errc::conflict, "the period is sealed already");
  if (auto done = set_state(database, found->row, StandingsState::sealing); !done) return done;
  auto leave_out = database.prepare(
      "INSERT INTO left_out(table_id, player, score, achieved_at, in_first, block_version, sealed_at, shown) "
      "SELECT ?1, s.player, s.score, s.achieved_at, 0, iif(b.blocked = 1 AND ifnull(b.until > ?2, 1), b.version, "
      "NULL), "
      "?2, 0 FROM blocks b JOIN players p ON p.name = b.player JOIN standings s ON s.table_id = ?1 AND s.player = p.id "
      "JOIN standings_tables t ON t.id = ?1 "
      "WHERE (b.blocked = 1 AND ifnull(b.until > ?2, 1)) OR b.disqualified_since < t.closes_at");
  if (auto done = leave_out.bind(1, found->row).bind(2, to_us(now)).run(); !done) return done;
  auto look =
      database.prepare("UPDATE standings_tables SET looked_at = (SELECT number FROM revision_clock) WHERE id = ?1");
  if (auto done = look.bind(1, found->row).run(); !done) return done;
  return transaction->commit();
}

core::Status finish_sealing(sqlite::Database& database, const core::StandingsId& table) {
  auto transaction = sqlite::Transaction::begin(database);
  if (!transaction) return std::unexpected(transaction.error());
  const auto found = find_table(database, table);
  if (!found) return std::unexpected(found.error());
  if (found->state == StandingsState::sealed) return {};
  if (found->state == StandingsState::open) return fail(Errc::conflict, "the period is not being sealed");
  if (auto done = set_state(database, found->row, StandingsState::sealed); !done) return done;
  return transaction->commit();
}

Result<std::int64_t> end_of_page(sqlite::Database& database, std::int64_t after, std::size_t limit) {
  auto query = database.prepare("SELECT player FROM standings WHERE player > ?1 ORDER BY player LIMIT 1 OFFSET ?2");
  const auto found = query.bind(1, after).bind(2, static_cast<std::int64_t>(limit)).step();
  if (!found) return std::unexpected(found.error());
  return *found ? query.int64(0) : kNoMorePages;
}

Result<std::uint64_t> PurgeRound::step(sqlite::Database& database, std::size_t limit) {
  auto transaction = sqlite::Transaction::begin(database);
  if (!transaction) return std::unexpected(transaction.error());
  if (!under_way_) {
    const auto begun = begin_round(database);
    if (!begun) return std::unexpected(begun.error());
    if (!*begun) return 0;
  }
  const auto end = end_of_page(database, after_, limit);
  if (!end) return std::unexpected(end.error());
  auto remove = database.prepare(
      "DELETE FROM standings WHERE player > ?1 AND player <= ?2 AND table_id IN (SELECT id FROM standings_tables "
      "WHERE purged = ?3)");
  if (auto done = remove.bind(1, after_).bind(2, *end).bind(3, kClearing).run(); !done) {
    return std::unexpected(done.error());
  }
  const auto removed = static_cast<std::uint64_t>(database.changes());
  if (*end == kNoMorePages) {
    if (auto done = end_round(database); !done) return std::unexpected(done.error());
  }
  if (auto done = transaction->commit(); !done) return std::unexpected(done.error());
  under_way_ = *end != kNoMorePages;
  after_ = under_way_ ? *end : 0;
  return removed;
}

Result<std::uint64_t> forget_old_events(sqlite::Database& database, core::Timestamp before, std::size_t limit,
                                        std::string& after) {
  // The inbox has no index by time: a walk through its keys finds the old ones without a second tree to keep up.
  auto next = database.prepare("SELECT event_id FROM inbox WHERE event_id > ?1 ORDER BY event_id LIMIT 1 OFFSET ?2");
  const auto found = next.bind_blob(1, after).bind(2, static_cast<std::int64_t>(limit) - 1).step();
  if (!found) return std::unexpected(found.error());
  const std::string end = *found ? std::string(next.blob(0)) : std::string(core::EventId::kBytes, '\xff');
  next.reset();
  const auto day = std::chrono::floor<std::chrono::days>(before).time_since_epoch().count();
  auto remove = database.prepare("DELETE FROM inbox WHERE event_id > ?1 AND event_id <= ?2 AND noted_day < ?3");
  remove.bind_blob(1, after).bind_blob(2, end).bind(3, static_cast<std::int64_t>(day));
  if (auto done = remove.run(); !done) return std::unexpected(done.error());
  after = *found ? end : std::string();
  return static_cast<std::uint64_t>(database.changes());
}

}  // namespace liveops::adapters::store_sqlite::leaderboard
