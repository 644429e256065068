#include "adapters/store_postgres/progression/batch_writer.hpp"

#include "adapters/store_postgres/progression/batch.hpp"
#include "adapters/store_postgres/progression/rows.hpp"
#include "adapters/store_postgres/progression/statements.hpp"

namespace liveops::adapters::store_postgres::progression {

using postgres::Parameters;
using postgres::Rows;
using postgres::Session;
using postgres::Statement;

namespace {

// Waits for a batch elsewhere that brings one of these events, and gives only those that it did not.
constexpr Statement kNoteEvents{
    "progression_note_events",
    "INSERT INTO progression.inbox(event_id, applied_at) SELECT unnest($1::uuid[]), $2::bigint "
    "ON CONFLICT DO NOTHING RETURNING event_id"};

// Before any player is locked: while a batch waits here for another one that makes the same player, it holds no player
// that the other one could want.
constexpr Statement kMakePlayers{
    "progression_make_players",
    "INSERT INTO progression.player(player_id, xp, version, updated_at, season_xp, boss_kills) "
    "SELECT named.id, 0, 0, $2::bigint, '{}', '{}' FROM unnest($1::text[]) WITH ORDINALITY AS named(id, place) "
    "WHERE NOT EXISTS (SELECT FROM progression.player WHERE player_id = named.id) ORDER BY named.place "
    "ON CONFLICT DO NOTHING"};

constexpr Statement kGrantDrops{
    "progression_grant_drops",
    "INSERT INTO progression.drops(drop_id, player_id, event_id) "
    "SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[]) ON CONFLICT DO NOTHING RETURNING drop_id"};

constexpr Statement kWriteLedger{
    "progression_write_ledger",
    "INSERT INTO progression.ledger(event_id, player_id, type, occurred_at, received_at, xp, score, drop_refused, "
    "payload, applied_at) "
    "SELECT e, p, t, o, r, x, s, d <> 0, j, $10::bigint FROM unnest($1::uuid[], $2::text[], $3::smallint[], "
    "$4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::smallint[], $9::text[]) "
    "AS u(e, p, t, o, r, x, s, d, j)"};

constexpr Statement kWriteSums{
    "progression_write_sums",
    "UPDATE progression.player AS p SET xp = u.xp, version = p.version + 1, updated_at = $5::bigint, "
    "season_xp = coalesce(nullif(u.seasons, '')::jsonb, p.season_xp), "
    "boss_kills = coalesce(nullif(u.bosses, '')::jsonb, p.boss_kills) "
    "FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[]) AS u(id, xp, seasons, bosses) "
    "WHERE p.player_id = u.id"};

constexpr Statement kNoteEarned{
    "progression_note_earned",
    "INSERT INTO progression.earned(player_id, reward_id, season, earned_at) "
    "SELECT p, r, s, $4::bigint FROM unnest($1::text[], $2::text[], $3::text[]) AS u(p, r, s) ON CONFLICT DO NOTHING"};

constexpr Statement kForget{
    "progression_forget_events",
    "WITH old AS (SELECT event_id FROM progression.inbox WHERE applied_at < $1::bigint ORDER BY applied_at "
    "LIMIT $2::bigint FOR UPDATE SKIP LOCKED) "
    "DELETE FROM progression.inbox USING old WHERE inbox.event_id = old.event_id"};

ports::Task<void> find_fresh(Session& session, Batch& batch) {
  const auto rows = co_await session.run(kNoteEvents, batch.inbox());
  if (!rows) co_return std::unexpected(rows.error());
  batch.take_fresh(*rows);
  co_return core::Status();
}

/// Runs the statement where there is something to be written; nullopt where not.
ports::Task<std::optional<Rows>> write(Session& session, const Statement& statement,
                                       std::optional<Parameters> parameters) {
  if (!parameters) co_return std::optional<Rows>();
  auto rows = co_await session.run(statement, std::move(*parameters));
  if (!rows) co_return std::unexpected(rows.error());
  co_return std::optional<Rows>(std::move(*rows));
}

ports::Task<void> lock_players(Session& session, Batch& batch, const KnownPlayers& known) {
  const auto made = co_await write(session, kMakePlayers, batch.new_players(known));
  if (!made) co_return std::unexpected(made.error());
  const auto rows = co_await session.run(kLockPlayers, batch.players());
  if (!rows) co_return std::unexpected(rows.error());
  co_return batch.take_players(*rows);
}

}  // namespace

ports::Task<ports::ApplyOutcome> write_batch(Session& session, const std::vector<ports::LedgerEntry>& entries,
                                             const std::vector<ports::RewardThreshold>& thresholds,
                                             const KnownPlayers& known, core::Timestamp now) {
  Batch batch(entries, thresholds, now);
  if (auto done = co_await session.look_up_by_key(); !done) co_return std::unexpected(done.error());
  if (auto done = co_await find_fresh(session, batch); !done) co_return std::unexpected(done.error());
  if (auto done = co_await lock_players(session, batch, known); !done) co_return std::unexpected(done.error());
  const auto granted = co_await write(session, kGrantDrops, batch.drops());
  if (!granted) co_return std::unexpected(granted.error());
  if (*granted) batch.take_granted(**granted);
  const auto noted = co_await write(session, kWriteLedger, batch.ledger());
  if (!noted) co_return std::unexpected(noted.error());
  const auto added = co_await write(session, kWriteSums, batch.sums());
  if (!added) co_return std::unexpected(added.error());
  const auto earned = co_await write(session, kNoteEarned, batch.earned());
  if (!earned) co_return std::unexpected(earned.error());
  if (*earned) batch.take_earned(**earned);
  const auto items = co_await write(session, kAddItems, batch.items());
  if (!items) co_return std::unexpected(items.error());
  if (*items) batch.take_items(**items);
  co_return batch.take_outcome();
}

ports::Task<std::size_t> forget_events(Session& session, core::Timestamp applied_before, std::size_t limit) {
  if (auto done = co_await session.look_up_by_key(); !done) co_return std::unexpected(done.error());
  const auto rows = co_await session.run(
      kForget, std::move(Parameters().add(to_us(applied_before)).add(static_cast<std::int64_t>(limit))));
  if (!rows) co_return std::unexpected(rows.error());
  co_return rows->affected();
}

}  // namespace liveops::adapters::store_postgres::progression
