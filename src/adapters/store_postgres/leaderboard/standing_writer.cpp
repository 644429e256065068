#include "adapters/store_postgres/leaderboard/standing_writer.hpp"

#include <optional>
#include <string>

#include "adapters/store_postgres/leaderboard/columns.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

using core::Mark;
using ports::StandingBatch;
using Reports = std::vector<ports::AppliedBatch::Row>;

namespace {

constexpr postgres::Statement kReadStandings{"lb_read_standings", R"sql(
SELECT k.n, s.score, s.achieved_at, s.version, s.event
FROM unnest($1::text[], $2::int[]) WITH ORDINALITY AS k(player, table_id, n)
JOIN leaderboard.standings s ON s.player = k.player AND s.table_id = k.table_id)sql"};

// The keys come sorted, and unnest keeps their order.
constexpr postgres::Statement kWriteStandings{"lb_write_standings", R"sql(
INSERT INTO leaderboard.standings AS s (player, table_id, score, achieved_at, version, event)
SELECT k.player, k.table_id, k.score, k.achieved_at, k.version, NULLIF(k.event, '')::uuid
FROM unnest($1::text[], $2::int[], $3::bigint[], $4::bigint[], $5::int[], $6::text[])
  AS k(player, table_id, score, achieved_at, version, event)
ON CONFLICT (player, table_id) DO UPDATE
  SET score = excluded.score, achieved_at = excluded.achieved_at, version = excluded.version, event = excluded.event
  WHERE s.version = excluded.version - 1
RETURNING player, table_id)sql"};

constexpr int kRounds = 2;  // the second one holds the locks

/// What a row holds before the batch. Version 0: there is none.
struct Held {
  std::int64_t version = 0;
  std::optional<Mark> mark;
};

/// A row with what it is to hold.
struct Write {
  const RowChange* row = nullptr;
  std::int64_t version = 0;
  Mark mark;
};

/// Parallel to `rows`.
ports::Task<std::vector<Held>> read_held(postgres::Session& session, const StandingBatch& batch,
                                         const std::vector<const RowChange*>& rows) {
  std::vector<std::string_view> players;
  std::vector<std::int64_t> tables;
  for (const auto* row : rows) {
    players.push_back(player_of(batch, *row).str());
    tables.push_back(row->table_row);
  }
  postgres::Parameters parameters;
  parameters.add_text_array(players).add_array(tables);
  const auto found = co_await session.run(kReadStandings, std::move(parameters));
  if (!found) co_return std::unexpected(found.error());
  std::vector<Held> held(rows.size());
  for (std::size_t i = 0; i < found->size(); ++i) {
    Mark mark{found->int64(i, 1), from_us(found->int64(i, 2)), {}};
    if (!found->is_null(i, 4)) {
      const auto event = core::EventId::parse(found->text(i, 4));
      if (!event) co_return core::fail(core::Errc::corrupt, "a row of standings names no event id");
      mark.event = *event;
    }
    held[static_cast<std::size_t>(found->int64(i, 0)) - 1] = {found->int64(i, 3), mark};
  }
  co_return held;
}

/// Which were written, parallel to `writes`; the others were overtaken, and are locked now.
ports::Task<std::vector<bool>> write_marks(postgres::Session& session, const StandingBatch& batch,
                                           const std::vector<Write>& writes) {
  std::vector<std::string_view> players;
  std::vector<std::string> events;
  std::vector<std::int64_t> tables, scores, times, versions;
  for (const auto& write : writes) {
    const bool last = batch.tables[write.row->table].operation.op == core::BoardOperator::last;
    players.push_back(player_of(batch, *write.row).str());
    tables.push_back(write.row->table_row);
    scores.push_back(write.mark.score);
    times.push_back(to_us(write.mark.achieved_at));
    versions.push_back(write.version);
    events.push_back(last ? write.mark.event.str() : std::string());
  }
  const std::vector<std::string_view> event_texts(events.begin(), events.end());
  postgres::Parameters parameters;
  parameters.add_text_array(players).add_array(tables).add_array(scores).add_array(times).add_array(versions);
  parameters.add_text_array(event_texts);
  const auto written = co_await session.run(kWriteStandings, std::move(parameters));
  if (!written) co_return std::unexpected(written.error());
  std::vector<bool> done(writes.size());
  for (std::size_t i = 0, row = 0; i < writes.size() && row < written->size(); ++i) {
    if (written->text(row, 0) != players[i] || written->int64(row, 1) != tables[i]) continue;
    done[i] = true;
    ++row;
  }
  co_return done;
}

ports::AppliedBatch::Row report(const StandingBatch& batch, const RowChange& row, const Mark& mark,
                                std::int64_t version) {
  return {row.table, {player_of(batch, row), mark.score, mark.achieved_at, static_cast<std::uint32_t>(version)}};
}

/// What has to be written; rows that stay as they are go to `reports`, if they are to be reported.
std::vector<Write> join_all(const StandingBatch& batch, const std::vector<const RowChange*>& rows,
                            const std::vector<Held>& held, Reports& reports) {
  std::vector<Write> writes;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& [version, before] = held[i];
    const RowChange& row = *rows[i];
    auto after = before;
    if (row.gain) after = before ? core::join(batch.tables[row.table].operation, *before, *row.gain) : *row.gain;
    if (after != before) {
      writes.push_back({&row, version + 1, *after});
    } else if (before && row.repeated) {
      reports.push_back(report(batch, row, *before, version));
    }
  }
  return writes;
}

}  // namespace

ports::Task<Reports> write_standings(postgres::Session& session, const StandingBatch& batch,
                                     std::span<const RowChange> rows) {
  Reports reports;
  reports.reserve(rows.size());
  std::vector<const RowChange*> left;
  for (const auto& row : rows) left.push_back(&row);
  for (int round = 0; round < kRounds && !left.empty(); ++round) {
    const auto held = co_await read_held(session, batch, left);
    if (!held) co_return std::unexpected(held.error());
    const auto writes = join_all(batch, left, *held, reports);
    left.clear();
    if (writes.empty()) break;
    const auto done = co_await write_marks(session, batch, writes);
    if (!done) co_return std::unexpected(done.error());
    for (std::size_t i = 0; i < writes.size(); ++i) {
      const auto& [row, version, mark] = writes[i];
      if ((*done)[i]) {
        reports.push_back(report(batch, *row, mark, version));
      } else {
        left.push_back(row);
      }
    }
  }
  if (!left.empty()) co_return core::fail(core::Errc::internal, "rows of standings changed under their lock");
  co_return reports;
}

}  // namespace liveops::adapters::store_postgres::leaderboard
