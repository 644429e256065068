#include "adapters/store_postgres/leaderboard/revision_store.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "adapters/store_postgres/leaderboard/columns.hpp"
#include "adapters/store_postgres/leaderboard/revision_planner.hpp"
#include "adapters/store_postgres/leaderboard/sealing.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

using postgres::Session;

namespace {

constexpr postgres::Statement kNote{"lb_note_revision", R"sql(
INSERT INTO leaderboard.revisions(table_id, revision, previous_sha256, promoted, signature)
VALUES ($1::int, $2::int, $3, $4, $5)
ON CONFLICT (table_id, revision) DO UPDATE SET previous_sha256 = excluded.previous_sha256,
  promoted = excluded.promoted, signature = excluded.signature)sql"};

constexpr postgres::Statement kClearPlayers{
    "lb_clear_revision_players",
    "DELETE FROM leaderboard.revision_players WHERE table_id = $1::int AND revision = $2::int"};

constexpr postgres::Statement kAddPlayers{"lb_add_revision_players", R"sql(
INSERT INTO leaderboard.revision_players(table_id, revision, player, returned, rank, score, reason)
SELECT $1::int, $2::int, k.player, k.returned <> 0, k.rank, k.score, k.reason
FROM unnest($3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[])
  AS k(player, returned, rank, score, reason))sql"};

constexpr postgres::Statement kMove{"lb_finish_revision", R"sql(
UPDATE leaderboard.standings_tables SET revision = planned, planned = NULL
WHERE id = $1::int AND planned = $2::int)sql"};

constexpr postgres::Statement kShow{"lb_show_revision", R"sql(
UPDATE leaderboard.left_out SET shown = coalesce(planned, shown), planned = NULL, planned_reason = NULL
WHERE table_id = $1::int)sql"};

constexpr postgres::Statement kReadNote{"lb_read_revision", R"sql(
SELECT previous_sha256, promoted, signature FROM leaderboard.revisions
WHERE table_id = $1::int AND revision = $2::int)sql"};

constexpr postgres::Statement kReadPlayers{"lb_read_revision_players", R"sql(
SELECT player, returned, rank, score, reason FROM leaderboard.revision_players
WHERE table_id = $1::int AND revision = $2::int ORDER BY player)sql"};

postgres::Parameters key_of(std::int64_t table, int revision) {
  return std::move(postgres::Parameters().add(table).add(std::int64_t{revision}));
}

postgres::Parameters players_of(std::int64_t table, int revision, const ports::RevisionNote& note) {
  std::vector<std::string_view> players, reasons;
  std::vector<std::int64_t> returned, ranks, scores;
  for (const auto& one : note.players) {
    players.push_back(one.player.str());
    returned.push_back(one.returned ? 1 : 0);
    ranks.push_back(static_cast<std::int64_t>(one.rank));
    scores.push_back(one.score);
    reasons.push_back(one.reason);
  }
  auto parameters = key_of(table, revision);
  parameters.add_text_array(players).add_array(returned).add_array(ranks).add_array(scores).add_text_array(reasons);
  return parameters;
}

ports::Task<void> write_note(Session& session, const core::StandingsId& table, int revision,
                             const ports::RevisionNote& note) {
  const auto found = co_await find_table(session, table);
  if (!found) co_return std::unexpected(found.error());
  auto parameters = key_of(found->row, revision);
  parameters.add_text(note.previous_sha256).add(static_cast<std::int64_t>(note.promoted)).add_text(note.signature);
  const auto noted = co_await session.run(kNote, std::move(parameters));
  if (!noted) co_return std::unexpected(noted.error());
  const auto cleared = co_await session.run(kClearPlayers, key_of(found->row, revision));
  if (!cleared) co_return std::unexpected(cleared.error());
  const auto added = co_await session.run(kAddPlayers, players_of(found->row, revision, note));
  if (!added) co_return std::unexpected(added.error());
  co_return core::Status();
}

ports::Task<void> finish_revision(Session& session, const core::StandingsId& table, int revision) {
  const auto found = co_await find_table(session, table);
  if (!found) co_return std::unexpected(found.error());
  const auto moved = co_await session.run(kMove, key_of(found->row, revision));
  if (!moved) co_return std::unexpected(moved.error());
  if (moved->affected() == 0) co_return core::Status();
  const auto shown = co_await session.run(kShow, postgres::Parameters().add(found->row));
  if (!shown) co_return std::unexpected(shown.error());
  co_return core::Status();
}

ports::Task<ports::RevisionNote> read_note(Session& session, const core::StandingsId& table, int revision) {
  const auto found = co_await find_table(session, table);
  if (!found) co_return std::unexpected(found.error());
  const auto head = co_await session.run(kReadNote, key_of(found->row, revision));
  if (!head) co_return std::unexpected(head.error());
  if (head->empty()) co_return core::fail(core::Errc::not_found, "a first revision changed nothing");
  ports::RevisionNote note{.previous_sha256 = std::string(head->text(0, 0)),
                           .promoted = static_cast<std::uint64_t>(head->int64(0, 1)),
                           .signature = std::string(head->text(0, 2)),
                           .players = {}};
  const auto rows = co_await session.run(kReadPlayers, key_of(found->row, revision));
  if (!rows) co_return std::unexpected(rows.error());
  for (std::size_t i = 0; i < rows->size(); ++i) {
    note.players.push_back({.player = core::PlayerId::trusted(std::string(rows->text(i, 0))),
                            .returned = rows->boolean(i, 1),
                            .rank = static_cast<std::uint64_t>(rows->int64(i, 2)),
                            .score = rows->int64(i, 3),
                            .reason = std::string(rows->text(i, 4))});
  }
  co_return note;
}

}  // namespace

ports::Task<bool> RevisionStore::look_on() {
  co_return co_await pool_.transaction<bool>([](Session& session) { return leaderboard::look_on(session); });
}

ports::Task<std::optional<ports::RevisionPlan>> RevisionStore::begin() {
  co_return co_await pool_.transaction<std::optional<ports::RevisionPlan>>(
      [](Session& session) { return begin_revision(session); });
}

ports::Task<void> RevisionStore::note(core::StandingsId table, int revision, ports::RevisionNote note) {
  co_return co_await pool_.transaction<void>(
      [&](Session& session) { return write_note(session, table, revision, note); });
}

ports::Task<void> RevisionStore::finish(core::StandingsId table, int revision) {
  co_return co_await pool_.transaction<void>(
      [&](Session& session) { return finish_revision(session, table, revision); });
}

ports::Task<ports::RevisionNote> RevisionStore::note_of(core::StandingsId table, int revision) {
  co_return co_await pool_.read<ports::RevisionNote>(
      [&](Session& session) { return read_note(session, table, revision); });
}

}  // namespace liveops::adapters::store_postgres::leaderboard
