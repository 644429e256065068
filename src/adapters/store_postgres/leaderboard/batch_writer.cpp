#include "adapters/store_postgres/leaderboard/batch_writer.hpp"

#include <algorithm>
#include <numeric>

#include "adapters/store_postgres/leaderboard/batch_plan.hpp"
#include "adapters/store_postgres/leaderboard/columns.hpp"
#include "adapters/store_postgres/leaderboard/standing_writer.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

using ports::StandingBatch;
using ports::StandingsState;

namespace {

constexpr postgres::Statement kLockTables{"lb_lock_tables", R"sql(
SELECT t.id, t.state, k.n
FROM unnest($1::text[], $2::int[], $3::text[]) WITH ORDINALITY AS k(board, time_window, period, n)
JOIN leaderboard.standings_tables t
  ON t.board = k.board AND t.time_window = k.time_window AND t.period = k.period
ORDER BY t.id FOR SHARE OF t)sql"};

constexpr postgres::Statement kInsertTables{"lb_insert_tables", R"sql(
INSERT INTO leaderboard.standings_tables(
  board, time_window, period, operator, direction, max_score, opens_at, closes_at)
SELECT k.* FROM unnest($1::text[], $2::int[], $3::text[], $4::int[], $5::int[], $6::bigint[], $7::bigint[],
                       $8::bigint[]) AS k(board, time_window, period, op, direction, max_score, opens_at, closes_at)
ORDER BY k.board, k.time_window, k.period
ON CONFLICT DO NOTHING)sql"};

// The ids come sorted, and unnest keeps their order.
constexpr postgres::Statement kNoteEvents{"lb_note_events", R"sql(
INSERT INTO leaderboard.inbox(event_id, noted_day)
SELECT k.id, $2::int FROM unnest($1::uuid[]) AS k(id)
ON CONFLICT DO NOTHING RETURNING event_id)sql"};

/// The batch's tables as columns.
struct TableColumns {
  explicit TableColumns(const StandingBatch& batch) {
    for (const auto& spec : batch.tables) {
      boards.push_back(spec.id.board.str());
      windows.push_back(number(spec.id.window));
      periods.push_back(spec.id.period);
      operators.push_back(number(spec.operation.op));
      directions.push_back(number(spec.operation.order));
      max_scores.push_back(spec.operation.max_score);
      opens.push_back(to_us(spec.opens_at));
      closes.push_back(to_us(spec.closes_at));
    }
  }
  [[nodiscard]] postgres::Parameters ids() const {
    postgres::Parameters parameters;
    parameters.add_text_array(boards).add_array(windows).add_text_array(periods);
    return parameters;
  }
  [[nodiscard]] postgres::Parameters all() const {
    auto parameters = ids();
    parameters.add_array(operators).add_array(directions).add_array(max_scores).add_array(opens).add_array(closes);
    return parameters;
  }

  std::vector<std::string_view> boards, periods;
  std::vector<std::int64_t> windows, operators, directions, max_scores, opens, closes;
};

/// The batch's tables, locked against `begin_seal`; made where they are new. Parallel to the batch's.
ports::Task<std::vector<LockedTable>> lock_tables(postgres::Session& session, const StandingBatch& batch) {
  const TableColumns columns(batch);
  for (const bool made : {false, true}) {
    const auto rows = co_await session.run(kLockTables, columns.ids());
    if (!rows) co_return std::unexpected(rows.error());
    if (rows->size() == batch.tables.size()) {
      std::vector<LockedTable> tables(batch.tables.size());
      for (std::size_t i = 0; i < rows->size(); ++i) {
        tables[static_cast<std::size_t>(rows->int64(i, 2)) - 1] = {rows->int64(i, 0),
                                                                   static_cast<StandingsState>(rows->int64(i, 1))};
      }
      co_return tables;
    }
    if (made) break;
    const auto inserted = co_await session.run(kInsertTables, columns.all());
    if (!inserted) co_return std::unexpected(inserted.error());
  }
  co_return core::fail(core::Errc::internal, "tables of standings that were just made are not there");
}

/// Notes the batch's events; which of them are new, parallel to the batch's. Of one event that stands there several
/// times, the first counts.
ports::Task<std::vector<bool>> note_events(postgres::Session& session, const StandingBatch& batch) {
  std::vector<std::uint32_t> order(batch.events.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {}, [&](std::uint32_t index) { return std::pair(batch.events[index].id, index); });
  const auto same = [&](std::uint32_t a, std::uint32_t b) { return batch.events[a].id == batch.events[b].id; };
  const auto repeats = std::ranges::unique(order, same);
  order.erase(repeats.begin(), repeats.end());

  std::string text(order.size() * core::EventId::kTextChars, '\0');
  std::vector<std::string_view> ids;
  ids.reserve(order.size());
  for (const std::uint32_t index : order) {
    char* const at = text.data() + ids.size() * core::EventId::kTextChars;
    batch.events[index].id.write(std::span<char, core::EventId::kTextChars>(at, core::EventId::kTextChars));
    ids.emplace_back(at, core::EventId::kTextChars);
  }
  postgres::Parameters parameters;
  parameters.add_text_array(ids).add(day_of(batch.now));
  const auto noted = co_await session.run(kNoteEvents, std::move(parameters));
  if (!noted) co_return std::unexpected(noted.error());

  // What comes back is in the order in which it went: a subsequence of `ids`.
  std::vector<bool> fresh(batch.events.size());
  for (std::size_t i = 0, row = 0; i < ids.size() && row < noted->size(); ++i) {
    if (noted->text(row, 0) != ids[i]) continue;
    fresh[order[i]] = true;
    ++row;
  }
  co_return fresh;
}

}  // namespace

ports::Task<ports::AppliedBatch> apply_batch(postgres::Session& session, const StandingBatch& batch) {
  if (auto done = co_await session.look_up_by_key(); !done) co_return std::unexpected(done.error());
  const auto tables = co_await lock_tables(session, batch);
  if (!tables) co_return std::unexpected(tables.error());
  const auto fresh = co_await note_events(session, batch);
  if (!fresh) co_return std::unexpected(fresh.error());
  const BatchPlan plan = plan_batch(batch, *tables, *fresh);
  ports::AppliedBatch result;
  result.duplicates = static_cast<std::uint64_t>(std::ranges::count(*fresh, false));
  result.late = plan.late;
  result.moved = plan.moved;
  auto rows = co_await write_standings(session, batch, plan.rows);
  if (!rows) co_return std::unexpected(rows.error());
  result.rows = std::move(*rows);
  co_return result;
}

}  // namespace liveops::adapters::store_postgres::leaderboard
