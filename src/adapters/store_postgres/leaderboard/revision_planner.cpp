#include "adapters/store_postgres/leaderboard/revision_planner.hpp"

#include <chrono>
#include <string>

#include "adapters/store_postgres/leaderboard/columns.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

namespace {

constexpr std::chrono::minutes kLookTimeout{5};  // one pass through a large table

constexpr postgres::Statement kNewest{"lb_newest_disqualification", R"sql(
SELECT coalesce(max(disqualified_number), 0) FROM leaderboard.blocks WHERE disqualified_number > 0)sql"};

// Tables that no disqualification is about; those that a plan is being made of are passed over the next time.
constexpr postgres::Statement kPass{"lb_pass_over", R"sql(
UPDATE leaderboard.standings_tables SET looked_at = $1::bigint WHERE id IN (
  SELECT id FROM leaderboard.standings_tables t WHERE state = $2::int AND looked_at < $1::bigint AND NOT EXISTS (
    SELECT FROM leaderboard.blocks b WHERE b.disqualified_number > t.looked_at AND b.disqualified_since < t.closes_at)
  ORDER BY id FOR UPDATE SKIP LOCKED))sql"};

constexpr postgres::Statement kNextLook{"lb_next_look", R"sql(
SELECT id, looked_at FROM leaderboard.standings_tables WHERE state = $2::int AND looked_at < $1::bigint
ORDER BY closes_at, id LIMIT 1)sql"};

constexpr postgres::Statement kQueueOne{"lb_queue_revision", R"sql(
INSERT INTO leaderboard.revision_queue AS q (table_id, number) VALUES ($1::int, $2::bigint)
ON CONFLICT (table_id) DO UPDATE SET number = greatest(q.number, excluded.number))sql"};

// The rows of a snapshot have no index by player: one pass finds all.
constexpr postgres::Statement kKeepFound{"lb_keep_found", R"sql(
INSERT INTO leaderboard.left_out(table_id, player, score, achieved_at, in_first, sealed_at, shown)
SELECT t.id, r.player, r.score, r.achieved_at, true, 0, true
FROM leaderboard.standings_tables t
JOIN leaderboard.snapshots s ON s.complete AND s.board = t.board AND s.time_window = t.time_window
  AND s.period = t.period AND s.sealed AND s.revision = 1
JOIN leaderboard.snapshot_rows r ON r.snapshot = s.id
WHERE t.id = $1::int AND r.player = ANY(ARRAY(
  SELECT b.player FROM leaderboard.blocks b WHERE b.disqualified_number > $2::bigint AND b.disqualified_since <
    (SELECT closes_at FROM leaderboard.standings_tables WHERE id = $1::int)))
ORDER BY r.player
ON CONFLICT DO NOTHING)sql"};

constexpr postgres::Statement kLooked{
    "lb_looked",
    "UPDATE leaderboard.standings_tables SET looked_at = greatest(looked_at, $2::bigint) WHERE id = $1::int"};

constexpr postgres::Statement kPlanned{"lb_planned_table", R"sql(
SELECT id FROM leaderboard.standings_tables WHERE planned IS NOT NULL ORDER BY closes_at, id LIMIT 1)sql"};

constexpr postgres::Statement kQueued{"lb_queued_table", R"sql(
SELECT t.id FROM leaderboard.revision_queue q JOIN leaderboard.standings_tables t ON t.id = q.table_id
WHERE t.state = $1::int ORDER BY t.closes_at, t.id LIMIT 1 FOR UPDATE OF q SKIP LOCKED)sql"};

constexpr postgres::Statement kUnqueue{"lb_unqueue_revision",
                                       "DELETE FROM leaderboard.revision_queue WHERE table_id = $1::int"};

// Nothing happens to a table whose latest revision is as it should be.
constexpr postgres::Statement kNumberIt{"lb_number_revision", R"sql(
UPDATE leaderboard.standings_tables t SET planned = revision + 1
WHERE id = $1::int AND planned IS NULL AND EXISTS (
  SELECT FROM leaderboard.left_out l WHERE l.table_id = t.id AND l.shown <> (l.block_version IS NULL AND NOT EXISTS (
    SELECT FROM leaderboard.blocks b WHERE b.player = l.player AND b.disqualified_since < t.closes_at))))sql"};

// The reason as well: what changes meanwhile must not change what is signed.
constexpr postgres::Statement kFix{"lb_fix_revision", R"sql(
UPDATE leaderboard.left_out l SET planned = k.belongs,
  planned_reason = CASE WHEN k.belongs THEN coalesce(k.reason, '') ELSE coalesce(k.disqualified_for, k.reason, '') END
FROM (
  SELECT o.player, o.block_version IS NULL AND (b.disqualified_since < t.closes_at) IS NOT TRUE AS belongs, b.reason,
    b.disqualified_for
  FROM leaderboard.left_out o JOIN leaderboard.standings_tables t ON t.id = o.table_id
  LEFT JOIN leaderboard.blocks b ON b.player = o.player WHERE o.table_id = $1::int) k
WHERE l.table_id = $1::int AND l.player = k.player)sql"};

constexpr postgres::Statement kHead{"lb_revision_head", R"sql(
SELECT board, time_window, period, operator, direction, max_score, opens_at, closes_at, planned
FROM leaderboard.standings_tables WHERE id = $1::int)sql"};

constexpr postgres::Statement kPlayers{"lb_revised_players", R"sql(
SELECT player, score, achieved_at, in_first, shown, planned, planned_reason FROM leaderboard.left_out
WHERE table_id = $1::int AND CASE WHEN in_first THEN NOT (shown AND planned) ELSE shown OR planned END
ORDER BY player)sql"};

ports::Task<void> run(postgres::Session& session, const postgres::Statement& statement, std::int64_t table,
                      std::int64_t number) {
  const auto done = co_await session.run(statement, std::move(postgres::Parameters().add(table).add(number)));
  if (!done) co_return std::unexpected(done.error());
  co_return core::Status();
}

/// Makes the plan of a table that was queued; false: its latest revision is as it should be.
ports::Task<bool> plan(postgres::Session& session, std::int64_t table) {
  const auto numbered = co_await session.run(kNumberIt, postgres::Parameters().add(table));
  if (!numbered) co_return std::unexpected(numbered.error());
  if (numbered->affected() == 0) co_return false;
  const auto fixed = co_await session.run(kFix, postgres::Parameters().add(table));
  if (!fixed) co_return std::unexpected(fixed.error());
  co_return true;
}

/// The table that has a plan, made now if need be; nullopt: none has one. Empties the queue on its way.
ports::Task<std::optional<std::int64_t>> planned_table(postgres::Session& session) {
  const auto under_way = co_await session.run(kPlanned, {});
  if (!under_way) co_return std::unexpected(under_way.error());
  if (!under_way->empty()) co_return under_way->int64(0, 0);
  const auto sealed = number(ports::StandingsState::sealed);
  while (true) {
    const auto queued = co_await session.run(kQueued, postgres::Parameters().add(sealed));
    if (!queued) co_return std::unexpected(queued.error());
    if (queued->empty()) co_return std::optional<std::int64_t>();
    const std::int64_t table = queued->int64(0, 0);
    const auto made = co_await plan(session, table);
    if (!made) co_return std::unexpected(made.error());
    if (*made) co_return table;
    const auto removed = co_await session.run(kUnqueue, postgres::Parameters().add(table));
    if (!removed) co_return std::unexpected(removed.error());
  }
}

}  // namespace

ports::Task<bool> look_on(postgres::Session& session) {
  if (auto done = co_await session.set_statement_timeout(kLookTimeout); !done) co_return std::unexpected(done.error());
  const auto newest = co_await session.run(kNewest, {});
  if (!newest) co_return std::unexpected(newest.error());
  const std::int64_t through = newest->int64(0, 0);
  const auto sealed = number(ports::StandingsState::sealed);
  if (auto done = co_await run(session, kPass, through, sealed); !done) co_return std::unexpected(done.error());
  const auto next = co_await session.run(kNextLook, std::move(postgres::Parameters().add(through).add(sealed)));
  if (!next) co_return std::unexpected(next.error());
  if (next->empty()) co_return false;
  const std::int64_t table = next->int64(0, 0);
  if (auto done = co_await run(session, kQueueOne, table, through); !done) co_return std::unexpected(done.error());
  if (auto done = co_await run(session, kKeepFound, table, next->int64(0, 1)); !done) {
    co_return std::unexpected(done.error());
  }
  if (auto done = co_await run(session, kLooked, table, through); !done) co_return std::unexpected(done.error());
  co_return true;
}

ports::Task<std::optional<ports::RevisionPlan>> begin_revision(postgres::Session& session) {
  const auto table = co_await planned_table(session);
  if (!table) co_return std::unexpected(table.error());
  if (!*table) co_return std::optional<ports::RevisionPlan>();
  const auto head = co_await session.run(kHead, postgres::Parameters().add(**table));
  if (!head) co_return std::unexpected(head.error());
  ports::RevisionPlan plan{
      .spec = read_spec(*head, 0, 0), .revision = static_cast<int>(head->int64(0, kSpecColumns)), .players = {}};
  const auto rows = co_await session.run(kPlayers, postgres::Parameters().add(**table));
  if (!rows) co_return std::unexpected(rows.error());
  for (std::size_t i = 0; i < rows->size(); ++i) {
    plan.players.push_back({.player = core::PlayerId::trusted(std::string(rows->text(i, 0))),
                            .score = rows->int64(i, 1),
                            .achieved_at = from_us(rows->int64(i, 2)),
                            .in_first = rows->boolean(i, 3),
                            .before = rows->boolean(i, 4),
                            .now = rows->boolean(i, 5),
                            .reason = std::string(rows->text(i, 6))});
  }
  co_return plan;
}

}  // namespace liveops::adapters::store_postgres::leaderboard
