#include "adapters/store_postgres/leaderboard/snapshot_writer.hpp"

#include "adapters/store_postgres/leaderboard/columns.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

using core::Errc;
using core::fail;

namespace {

// A draft that is given up loses its name: nothing finds it, and nobody can write to it any more.
constexpr postgres::Statement kGiveUp{"lb_give_up_drafts", R"sql(
UPDATE leaderboard.snapshots SET name = NULL
WHERE NOT complete AND name IS NOT NULL AND (name = $1 OR begun_at < now() - interval '1 day'))sql"};

constexpr postgres::Statement kBegin{
    "lb_begin_snapshot", "INSERT INTO leaderboard.snapshots(name) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id"};

// The lock on the draft makes whoever begins it anew wait until these rows are in.
constexpr postgres::Statement kAppend{"lb_append_rows", R"sql(
WITH draft AS (SELECT id FROM leaderboard.snapshots WHERE id = $1 AND name IS NOT NULL AND NOT complete FOR SHARE)
INSERT INTO leaderboard.snapshot_rows(snapshot, rank, player, score, achieved_at, previous_rank)
SELECT draft.id, k.rank, k.player, k.score, k.achieved_at, nullif(k.previous_rank, 0)
FROM draft, unnest($2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[])
  AS k(rank, player, score, achieved_at, previous_rank))sql"};

constexpr postgres::Statement kComplete{"lb_complete_snapshot", R"sql(
UPDATE leaderboard.snapshots
SET complete = true, board = $2, time_window = $3::int, period = $4, opens_at = $5, closes_at = $6, taken_at = $7,
    sealed = $8, revision = $9::int, rows = $10, total = $11, sha256 = $12, signature = $13
WHERE id = $1 AND name = $14 AND NOT complete)sql"};

constexpr postgres::Statement kKeepNewest{"lb_keep_newest", R"sql(
UPDATE leaderboard.snapshots SET complete = false, name = NULL WHERE complete AND id IN (
  SELECT id FROM leaderboard.snapshots
  WHERE complete AND board = $1 AND time_window = $2::int AND period = $3 AND NOT sealed
  ORDER BY taken_at DESC, name DESC OFFSET $4))sql"};

constexpr postgres::Statement kGivenUp{
    "lb_given_up", "SELECT id FROM leaderboard.snapshots WHERE NOT complete AND name IS NULL ORDER BY id LIMIT 1"};

constexpr postgres::Statement kRemoveRows{"lb_remove_snapshot_rows", R"sql(
DELETE FROM leaderboard.snapshot_rows WHERE snapshot = $1 AND rank IN (
  SELECT rank FROM leaderboard.snapshot_rows WHERE snapshot = $1 ORDER BY rank LIMIT $2))sql"};

constexpr postgres::Statement kRemove{"lb_remove_snapshot", R"sql(
DELETE FROM leaderboard.snapshots WHERE id = $1 AND NOT complete AND name IS NULL
AND NOT EXISTS (SELECT FROM leaderboard.snapshot_rows WHERE snapshot = $1))sql"};

constexpr std::int64_t kRemovedAtOnce = 20'000;

}  // namespace

ports::Task<std::int64_t> begin_snapshot(postgres::Session& session, const std::string& id) {
  postgres::Parameters name;
  name.add_text(id);
  // Twice: another replica may have begun it since the first statement, which could not see that.
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto given_up = co_await session.run(kGiveUp, name);
    if (!given_up) co_return std::unexpected(given_up.error());
    const auto begun = co_await session.run(kBegin, name);
    if (!begun) co_return std::unexpected(begun.error());
    if (!begun->empty()) co_return begun->int64(0, 0);
  }
  co_return fail(Errc::conflict, "the snapshot is complete");
}

ports::Task<void> append_rows(postgres::Session& session, std::int64_t draft,
                              const std::vector<ports::SnapshotRow>& rows) {
  std::vector<std::string_view> players;
  std::vector<std::int64_t> ranks, scores, times, previous_ranks;
  for (const auto& row : rows) {
    ranks.push_back(static_cast<std::int64_t>(row.rank));
    players.push_back(row.player.str());
    scores.push_back(row.score);
    times.push_back(to_us(row.achieved_at));
    previous_ranks.push_back(static_cast<std::int64_t>(row.previous_rank));
  }
  postgres::Parameters parameters;
  parameters.add(draft).add_array(ranks).add_text_array(players).add_array(scores).add_array(times);
  parameters.add_array(previous_ranks);
  const auto added = co_await session.run(kAppend, std::move(parameters));
  if (!added) co_return std::unexpected(added.error());
  if (added->affected() != rows.size()) {
    co_return fail(Errc::conflict, "the snapshot is complete, or was begun anew by another replica");
  }
  co_return core::Status();
}

ports::Task<void> complete_snapshot(postgres::Session& session, std::int64_t draft, const ports::Snapshot& snapshot) {
  postgres::Parameters parameters;
  parameters.add(draft).add_text(snapshot.table.board.str()).add(number(snapshot.table.window));
  parameters.add_text(snapshot.table.period).add(to_us(snapshot.opens_at)).add(to_us(snapshot.closes_at));
  parameters.add(to_us(snapshot.taken_at)).add(snapshot.sealed).add(std::int64_t{snapshot.revision});
  parameters.add(static_cast<std::int64_t>(snapshot.rows)).add(static_cast<std::int64_t>(snapshot.total));
  parameters.add_text(snapshot.sha256).add_text(snapshot.signature).add_text(snapshot.id);
  const auto done = co_await session.run(kComplete, std::move(parameters));
  if (!done) co_return std::unexpected(done.error());
  if (done->affected() != 1) {
    co_return fail(Errc::conflict, "the snapshot is complete, or was begun anew by another replica");
  }
  co_return core::Status();
}

ports::Task<std::uint64_t> keep_newest_snapshots(postgres::Session& session, const core::StandingsId& table,
                                                 std::size_t keep) {
  auto parameters = id_parameters(table);
  parameters.add(static_cast<std::int64_t>(keep));
  const auto given_up = co_await session.run(kKeepNewest, std::move(parameters));
  if (!given_up) co_return std::unexpected(given_up.error());
  co_return given_up->affected();
}

ports::Task<bool> remove_given_up(postgres::Session& session) {
  const auto found = co_await session.run(kGivenUp, {});
  if (!found) co_return std::unexpected(found.error());
  if (found->empty()) co_return false;
  postgres::Parameters parameters;
  parameters.add(found->int64(0, 0)).add(kRemovedAtOnce);
  const auto removed = co_await session.run(kRemoveRows, std::move(parameters));
  if (!removed) co_return std::unexpected(removed.error());
  if (removed->affected() == static_cast<std::size_t>(kRemovedAtOnce)) co_return true;
  postgres::Parameters id;
  id.add(found->int64(0, 0));
  const auto gone = co_await session.run(kRemove, std::move(id));
  if (!gone) co_return std::unexpected(gone.error());
  co_return true;
}

}  // namespace liveops::adapters::store_postgres::leaderboard
