#include "adapters/store_sqlite/leaderboard/revision_writer.hpp"

#include <string>

#include "adapters/store_sqlite/leaderboard/columns.hpp"
#include "adapters/store_sqlite/leaderboard/player_rows.hpp"
#include "adapters/store_sqlite/leaderboard/sealing.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

using core::Result;

namespace {

// Whether a player of left_out l belongs in table t: see ports::RevisionStore.
constexpr const char* kBelongs =
    "(l.block_version IS NULL AND NOT EXISTS (SELECT 1 FROM blocks b JOIN players p ON p.name = b.player "
    "WHERE p.id = l.player AND b.disqualified_since < t.closes_at))";

Result<std::optional<std::int64_t>> first_row(sqlite::Statement query) {
  const auto found = query.step();
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  return query.int64(0);
}

/// Makes the plan of a table that was queued; false: its latest revision is as it should be.
Result<bool> plan(sqlite::Database& database, std::int64_t table) {
  auto differs = database.prepare(
      std::string("SELECT 1 FROM left_out l JOIN standings_tables t ON t.id = l.table_id WHERE l.table_id = ?1 AND "
                  "l.shown <> ") +
      kBelongs + " LIMIT 1");
  const auto found = differs.bind(1, table).step();
  if (!found) return std::unexpected(found.error());
  if (!*found) return false;
  differs.reset();
  // The reason as well: what changes meanwhile must not change what is signed.
  auto fix = database.prepare(
      std::string("UPDATE left_out AS l SET planned = ") + kBelongs + ", planned_reason = (SELECT iif(" + kBelongs +
      ", ifnull(n.reason, ''), ifnull(n.disqualified_for, ifnull(n.reason, ''))) FROM players m LEFT JOIN blocks n "
      "ON n.player = m.name WHERE m.id = l.player) FROM standings_tables t WHERE t.id = l.table_id AND l.table_id = "
      "?1");
  if (auto done = fix.bind(1, table).run(); !done) return std::unexpected(done.error());
  auto number_it = database.prepare("UPDATE standings_tables SET planned = revision + 1 WHERE id = ?1");
  if (auto done = number_it.bind(1, table).run(); !done) return std::unexpected(done.error());
  return true;
}

/// The table that has a plan, made now if need be; nullopt: none has one. Empties the queue on its way.
Result<std::optional<std::int64_t>> planned_table(sqlite::Database& database) {
  const auto under_way = first_row(
      database.prepare("SELECT id FROM standings_tables WHERE planned IS NOT NULL ORDER BY closes_at, id LIMIT 1"));
  if (!under_way || *under_way) return under_way;
  while (true) {
    auto query = database.prepare(
        "SELECT t.id FROM revision_queue q JOIN standings_tables t ON t.id = q.table_id WHERE t.state = ?1 "
        "ORDER BY t.closes_at, t.id LIMIT 1");
    query.bind(1, number(ports::StandingsState::sealed));
    const auto queued = first_row(std::move(query));
    if (!queued || !*queued) return queued;
    const auto made = plan(database, **queued);
    if (!made) return std::unexpected(made.error());
    if (*made) return queued;
    auto done = database.prepare("DELETE FROM revision_queue WHERE table_id = ?1");
    if (auto removed = done.bind(1, **queued).run(); !removed) return std::unexpected(removed.error());
  }
}

Result<ports::RevisionPlan> read_plan(sqlite::Database& database, std::int64_t table) {
  auto head =
      database.prepare(std::string("SELECT ") + kTableColumns + ", planned FROM standings_tables WHERE id = ?1");
  if (const auto found = head.bind(1, table).step(); !found) return std::unexpected(found.error());
  ports::RevisionPlan plan{.spec = read_info(head).spec, .revision = static_cast<int>(head.int64(9)), .players = {}};
  auto query = database.prepare(
      "SELECT p.name, l.score, l.achieved_at, l.in_first, l.shown, l.planned, l.planned_reason "
      "FROM left_out l JOIN players p ON p.id = l.player "
      "WHERE l.table_id = ?1 AND iif(l.in_first, l.shown = 0 OR l.planned = 0, l.shown = 1 OR l.planned = 1) "
      "ORDER BY p.name");
  query.bind(1, table);
  while (true) {
    const auto row = query.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return plan;
    plan.players.push_back({.player = core::PlayerId::trusted(std::string(query.text(0))),
                            .score = query.int64(1),
                            .achieved_at = from_us(query.int64(2)),
                            .in_first = query.int64(3) != 0,
                            .before = query.int64(4) != 0,
                            .now = query.int64(5) != 0,
                            .reason = std::string(query.text(6))});
  }
}

core::Status note_players(sqlite::Database& database, std::int64_t table, int revision,
                          const ports::RevisionNote& note) {
  auto clear = database.prepare("DELETE FROM revision_players WHERE table_id = ?1 AND revision = ?2");
  if (auto done = clear.bind(1, table).bind(2, std::int64_t{revision}).run(); !done) return done;
  PlayerRows players(database);
  auto add = database.prepare(
      "INSERT INTO revision_players(table_id, revision, player, returned, rank, score, reason) "
      "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
  for (const auto& one : note.players) {
    const auto player = players.row_of(one.player.str());
    if (!player) return std::unexpected(player.error());
    add.bind(1, table).bind(2, std::int64_t{revision}).bind(3, *player).bind(4, std::int64_t{one.returned});
    add.bind(5, static_cast<std::int64_t>(one.rank)).bind(6, one.score).bind_text(7, one.reason);
    if (auto done = add.run(); !done) return done;
  }
  return {};
}

}  // namespace

Result<std::optional<ports::RevisionPlan>> begin_revision(sqlite::Database& database) {
  auto transaction = sqlite::Transaction::begin(database);
  if (!transaction) return std::unexpected(transaction.error());
  const auto table = planned_table(database);
  if (!table) return std::unexpected(table.error());
  std::optional<ports::RevisionPlan> plan;
  if (*table) {
    auto read = read_plan(database, **table);
    if (!read) return std::unexpected(read.error());
    plan = std::move(*read);
  }
  if (auto done = transaction->commit(); !done) return std::unexpected(done.error());
  return plan;
}

core::Status note_revision(sqlite::Database& database, const core::StandingsId& table, int revision,
                           const ports::RevisionNote& note) {
  auto transaction = sqlite::Transaction::begin(database);
  if (!transaction) return std::unexpected(transaction.error());
  const auto found = find_table(database, table);
  if (!found) return std::unexpected(found.error());
  auto keep = database.prepare(
      "INSERT OR REPLACE INTO revisions(table_id, revision, previous_sha256, promoted, signature) "
      "VALUES(?1, ?2, ?3, ?4, ?5)");
  keep.bind(1, found->row).bind(2, std::int64_t{revision}).bind_text(3, note.previous_sha256);
  keep.bind(4, static_cast<std::int64_t>(note.promoted)).bind_text(5, note.signature);
  if (auto done = keep.run(); !done) return done;
  if (auto done = note_players(database, found->row, revision, note); !done) return done;
  return transaction->commit();
}

core::Status finish_revision(sqlite::Database& database, const core::StandingsId& table, int revision) {
  auto transaction = sqlite::Transaction::begin(database);
  if (!transaction) return std::unexpected(transaction.error());
  const auto found = find_table(database, table);
  if (!found) return std::unexpected(found.error());
  auto move =
      database.prepare("UPDATE standings_tables SET revision = planned, planned = NULL WHERE id = ?1 AND planned = ?2");
  if (auto done = move.bind(1, found->row).bind(2, std::int64_t{revision}).run(); !done) return done;
  if (database.changes() == 0) return {};
  auto show = database.prepare(
      "UPDATE left_out SET shown = ifnull(planned, shown), planned = NULL, planned_reason = NULL WHERE table_id = ?1");
  if (auto done = show.bind(1, found->row).run(); !done) return done;
  return transaction->commit();
}

Result<ports::RevisionNote> read_note(sqlite::Database& database, const core::StandingsId& table, int revision) {
  const auto found = find_table(database, table);
  if (!found) return std::unexpected(found.error());
  auto head = database.prepare(
      "SELECT previous_sha256, promoted, signature FROM revisions WHERE table_id = ?1 AND revision = ?2");
  const auto noted = head.bind(1, found->row).bind(2, std::int64_t{revision}).step();
  if (!noted) return std::unexpected(noted.error());
  if (!*noted) return core::fail(core::Errc::not_found, "a first revision changed nothing");
  ports::RevisionNote note{.previous_sha256 = std::string(head.text(0)),
                           .promoted = static_cast<std::uint64_t>(head.int64(1)),
                           .signature = std::string(head.text(2)),
                           .players = {}};
  auto query = database.prepare(
      "SELECT p.name, r.returned, r.rank, r.score, r.reason FROM revision_players r JOIN players p ON p.id = r.player "
      "WHERE r.table_id = ?1 AND r.revision = ?2 ORDER BY p.name");
  query.bind(1, found->row).bind(2, std::int64_t{revision});
  while (true) {
    const auto row = query.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return note;
    note.players.push_back({.player = core::PlayerId::trusted(std::string(query.text(0))),
                            .returned = query.int64(1) != 0,
                            .rank = static_cast<std::uint64_t>(query.int64(2)),
                            .score = query.int64(3),
                            .reason = std::string(query.text(4))});
  }
}

}  // namespace liveops::adapters::store_sqlite::leaderboard
