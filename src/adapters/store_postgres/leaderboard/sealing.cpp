#include "adapters/store_postgres/leaderboard/sealing.hpp"

#include "adapters/store_postgres/leaderboard/columns.hpp"
#include "adapters/store_postgres/leaderboard/ranking.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

using core::Errc;
using core::fail;
using ports::StandingsState;

namespace {

constexpr postgres::Statement kFindTable{"lb_find_table", R"sql(
SELECT id, state FROM leaderboard.standings_tables
WHERE board = $1 AND time_window = $2::int AND period = $3)sql"};

constexpr postgres::Statement kLockTable{"lb_lock_table", R"sql(
SELECT id, state FROM leaderboard.standings_tables
WHERE board = $1 AND time_window = $2::int AND period = $3 FOR UPDATE)sql"};

constexpr postgres::Statement kSetState{"lb_set_state",
                                        "UPDATE leaderboard.standings_tables SET state = $2::int WHERE id = $1::int"};

// Changes of standing wait for the end of this transaction, and it for them: none falls between what it sees and what
// it keeps.
constexpr const char* kLockBlocks = "LOCK TABLE leaderboard.blocks IN SHARE MODE";

constexpr postgres::Statement kLeaveOut{"lb_leave_out", R"sql(
INSERT INTO leaderboard.left_out(table_id, player, score, achieved_at, in_first, block_version, sealed_at, shown)
SELECT s.table_id, s.player, s.score, s.achieved_at, false,
  CASE WHEN b.blocked AND (b.until IS NULL OR b.until > $2) THEN b.version END, $2, false
FROM leaderboard.blocks b
JOIN leaderboard.standings s ON s.player = b.player AND s.table_id = $1::int
JOIN leaderboard.standings_tables t ON t.id = $1::int
WHERE (b.blocked AND (b.until IS NULL OR b.until > $2)) OR b.disqualified_since < t.closes_at)sql"};

constexpr postgres::Statement kLooked{"lb_looked_at_sealing", R"sql(
UPDATE leaderboard.standings_tables SET looked_at = (SELECT number FROM leaderboard.revision_clock)
WHERE id = $1::int)sql"};

ports::Task<TableState> look_up(postgres::Session& session, const postgres::Statement& statement,
                                const core::StandingsId& table) {
  const auto found = co_await session.run(statement, id_parameters(table));
  if (!found) co_return std::unexpected(found.error());
  if (found->empty()) co_return fail(Errc::not_found, "no such table of standings");
  co_return TableState{found->int64(0, 0), static_cast<StandingsState>(found->int64(0, 1))};
}

ports::Task<void> set_state(postgres::Session& session, std::int64_t row, StandingsState state) {
  postgres::Parameters parameters;
  parameters.add(row).add(number(state));
  const auto done = co_await session.run(kSetState, std::move(parameters));
  if (!done) co_return std::unexpected(done.error());
  co_return core::Status();
}

}  // namespace

ports::Task<TableState> find_table(postgres::Session& session, const core::StandingsId& table) {
  return look_up(session, kFindTable, table);
}

ports::Task<void> begin_sealing(postgres::Session& session, const core::StandingsId& table, core::Timestamp now) {
  const auto found = co_await look_up(session, kLockTable, table);
  if (!found) co_return std::unexpected(found.error());
  if (found->state == StandingsState::sealing) co_return core::Status();
  if (found->state == StandingsState::sealed) co_return fail(Errc::conflict, "the period is sealed already");
  if (auto done = co_await set_state(session, found->row, StandingsState::sealing); !done) co_return done;
  if (const auto locked = co_await session.run_text(kLockBlocks); !locked) co_return std::unexpected(locked.error());
  postgres::Parameters parameters;
  parameters.add(found->row).add(to_us(now));
  const auto left_out = co_await session.run(kLeaveOut, std::move(parameters));
  if (!left_out) co_return std::unexpected(left_out.error());
  const auto looked = co_await session.run(kLooked, postgres::Parameters().add(found->row));
  if (!looked) co_return std::unexpected(looked.error());
  co_return core::Status();
}

ports::Task<void> finish_sealing(postgres::Session& session, const core::StandingsId& table) {
  const auto known = co_await find_table(session, table);
  if (!known) co_return std::unexpected(known.error());
  if (auto done = co_await session.set_statement_timeout(kRankingTimeout); !done) co_return done;
  // Before the row: whoever makes a ranking holds this for long, and batches must not wait for it.
  if (auto done = co_await lock_ranking(session, known->row); !done) co_return done;
  const auto found = co_await look_up(session, kLockTable, table);
  if (!found) co_return std::unexpected(found.error());
  if (found->state == StandingsState::sealed) co_return core::Status();
  if (found->state == StandingsState::open) co_return fail(Errc::conflict, "the period is not being sealed");
  if (auto done = co_await set_state(session, found->row, StandingsState::sealed); !done) co_return done;
  co_return co_await drop_ranking(session, found->row);
}

}  // namespace liveops::adapters::store_postgres::leaderboard
