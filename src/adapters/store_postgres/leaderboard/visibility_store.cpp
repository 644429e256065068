#include "adapters/store_postgres/leaderboard/visibility_store.hpp"

#include <map>
#include <optional>

#include "adapters/store_postgres/leaderboard/columns.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

using core::StandingChange;
using Changes = std::vector<StandingChange>;

namespace {

// The players come sorted, and unnest keeps their order: replicas lock rows in one order.
constexpr postgres::Statement kKeep{"lb_keep_blocks", R"sql(
INSERT INTO leaderboard.blocks AS b (player, version, blocked, until, changed_at, reason, disqualified_since,
  disqualified_for, disqualified_number)
SELECT k.player, k.version, k.blocked <> 0, k.until, k.changed_at, k.reason, k.disqualified_since,
  CASE WHEN k.disqualified_since IS NOT NULL THEN k.disqualified_for END,
  CASE WHEN k.disqualified_since IS NULL THEN 0 ELSE $9::bigint END
FROM unnest($1::text[], $2::bigint[], $3::int[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[], $8::text[])
  AS k(player, version, blocked, until, changed_at, reason, disqualified_since, disqualified_for)
ON CONFLICT (player) DO UPDATE
  SET version = excluded.version, blocked = excluded.blocked, until = excluded.until,
      changed_at = excluded.changed_at, reason = excluded.reason,
      disqualified_since = excluded.disqualified_since, disqualified_for = excluded.disqualified_for,
      disqualified_number = CASE WHEN b.disqualified_since IS DISTINCT FROM excluded.disqualified_since
        THEN $9::bigint ELSE b.disqualified_number END
  WHERE excluded.version > b.version)sql"};

// Replicas take changes of standing one batch after the other: what has a lower number was committed before.
constexpr postgres::Statement kTick{"lb_tick",
                                    "UPDATE leaderboard.revision_clock SET number = number + 1 RETURNING number"};

// Sealed tables to be looked at: those in which a disqualification that changed under this number may have a part, and
// those that a block was overturned for. Ahead of the change of left_out, as whoever makes a plan takes them.
constexpr postgres::Statement kQueue{"lb_queue_revisions", R"sql(
INSERT INTO leaderboard.revision_queue AS q (table_id, number)
SELECT DISTINCT l.table_id, $1::bigint FROM leaderboard.left_out l WHERE
  l.player IN (SELECT player FROM leaderboard.blocks WHERE disqualified_number = $1::bigint)
  OR EXISTS (SELECT FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS o(player, version, since)
             WHERE l.player = o.player AND l.block_version < o.version AND l.sealed_at >= o.since)
ORDER BY l.table_id
ON CONFLICT (table_id) DO UPDATE SET number = excluded.number)sql"};

constexpr postgres::Statement kOverturn{"lb_overturn_blocks", R"sql(
UPDATE leaderboard.left_out AS l SET block_version = NULL
FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS o(player, version, since)
WHERE l.player = o.player AND l.block_version < o.version AND l.sealed_at >= o.since)sql"};

constexpr postgres::Statement kCurrent{"lb_current_blocks", R"sql(
SELECT player, version, blocked, until, changed_at, reason, disqualified_since, disqualified_for
FROM leaderboard.blocks WHERE player = ANY($1::text[]) ORDER BY player)sql"};

constexpr postgres::Statement kBlocked{"lb_blocked", R"sql(
SELECT player, version, blocked, until, changed_at, reason, disqualified_since, disqualified_for
FROM leaderboard.blocks WHERE blocked OR disqualified_since IS NOT NULL)sql"};

// The conditions stand twice: what changed since the inner one was answered is looked at again by the outer one.
constexpr postgres::Statement kForget{"lb_forget_blocks", R"sql(
DELETE FROM leaderboard.blocks WHERE player IN (
  SELECT player FROM leaderboard.blocks WHERE changed_at < $1 AND (NOT blocked OR until <= $1) AND disqualified_since IS NULL LIMIT $2)
AND changed_at < $1 AND (NOT blocked OR until <= $1) AND disqualified_since IS NULL)sql"};

Changes read_changes(const postgres::Rows& rows) {
  Changes changes;
  changes.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    StandingChange change;
    change.player_id = core::PlayerId::trusted(std::string(rows.text(i, 0)));
    change.version = rows.int64(i, 1);
    change.blocked = rows.boolean(i, 2);
    if (const auto until = rows.optional_int64(i, 3)) change.until = from_us(*until);
    change.at = from_us(rows.int64(i, 4));
    change.reason = std::string(rows.text(i, 5));
    if (const auto since = rows.optional_int64(i, 6))
      change.disqualified = {from_us(*since), std::string(rows.text(i, 7))};
    changes.push_back(std::move(change));
  }
  return changes;
}

/// The newest change of each player, by player. PostgreSQL refuses a statement that sets a row twice.
std::map<std::string_view, const StandingChange*> newest_of(const Changes& changes) {
  std::map<std::string_view, const StandingChange*> newest;
  for (const auto& change : changes) {
    const auto [at, added] = newest.try_emplace(change.player_id.str(), &change);
    if (!added && change.version > at->second->version) at->second = &change;
  }
  return newest;
}

/// Players, versions and times of the overturnings among the changes.
postgres::Parameters overturnings(postgres::Parameters parameters, const Changes& changes) {
  std::vector<std::string_view> players;
  std::vector<std::int64_t> versions, sinces;
  for (const auto& change : changes) {
    if (!change.overturned_since) continue;
    players.push_back(change.player_id.str());
    versions.push_back(change.version);
    sinces.push_back(to_us(*change.overturned_since));
  }
  return std::move(parameters.add_text_array(players).add_array(versions).add_array(sinces));
}

/// What the changes mean for sealed tables.
ports::Task<void> queue_revisions(postgres::Session& session, const Changes& changes, std::int64_t number) {
  const auto queued =
      co_await session.run(kQueue, overturnings(std::move(postgres::Parameters().add(number)), changes));
  if (!queued) co_return std::unexpected(queued.error());
  const auto overturned = co_await session.run(kOverturn, overturnings({}, changes));
  if (!overturned) co_return std::unexpected(overturned.error());
  co_return core::Status();
}

postgres::Parameters keep_parameters(const Changes& changes, std::int64_t number) {
  std::vector<std::string_view> players, reasons, disqualified_for;
  std::vector<std::int64_t> versions, blocked, times;
  std::vector<std::optional<std::int64_t>> untils, disqualified_since;
  for (const auto& [player, change] : newest_of(changes)) {
    players.push_back(player);
    versions.push_back(change->version);
    blocked.push_back(change->blocked ? 1 : 0);
    untils.push_back(change->until ? std::optional(to_us(*change->until)) : std::nullopt);
    times.push_back(to_us(change->at));
    reasons.emplace_back(change->reason);
    const auto& disqualified = change->disqualified;
    disqualified_since.push_back(disqualified ? std::optional(to_us(disqualified->since)) : std::nullopt);
    disqualified_for.emplace_back(disqualified ? std::string_view(disqualified->reason) : std::string_view());
  }
  postgres::Parameters parameters;
  parameters.add_text_array(players).add_array(versions).add_array(blocked).add_array(untils);
  parameters.add_array(times).add_text_array(reasons).add_array(disqualified_since);
  parameters.add_text_array(disqualified_for).add(number);
  return parameters;
}

ports::Task<Changes> keep_changes(postgres::Session& session, const Changes& changes) {
  const auto tick = co_await session.run(kTick, {});
  if (!tick) co_return std::unexpected(tick.error());
  const std::int64_t number = tick->int64(0, 0);
  const auto kept = co_await session.run(kKeep, keep_parameters(changes, number));
  if (!kept) co_return std::unexpected(kept.error());
  if (auto queued = co_await queue_revisions(session, changes, number); !queued) {
    co_return std::unexpected(queued.error());
  }
  std::vector<std::string_view> players;
  for (const auto& [player, change] : newest_of(changes)) players.push_back(player);
  postgres::Parameters names;
  names.add_text_array(players);
  const auto rows = co_await session.run(kCurrent, std::move(names));
  if (!rows) co_return std::unexpected(rows.error());
  co_return read_changes(*rows);
}

ports::Task<Changes> read_blocked(postgres::Session& session) {
  const auto rows = co_await session.run(kBlocked, {});
  if (!rows) co_return std::unexpected(rows.error());
  co_return read_changes(*rows);
}

ports::Task<std::uint64_t> forget_changes(postgres::Session& session, core::Timestamp before, std::size_t limit) {
  postgres::Parameters parameters;
  parameters.add(to_us(before)).add(static_cast<std::int64_t>(limit));
  const auto removed = co_await session.run(kForget, std::move(parameters));
  if (!removed) co_return std::unexpected(removed.error());
  co_return removed->affected();
}

}  // namespace

ports::Task<Changes> VisibilityStore::apply(Changes changes) {
  co_return co_await pool_.transaction<Changes>(
      [&](postgres::Session& session) { return keep_changes(session, changes); });
}

ports::Task<Changes> VisibilityStore::blocked() {
  co_return co_await pool_.read<Changes>([](postgres::Session& session) { return read_blocked(session); });
}

ports::Task<std::uint64_t> VisibilityStore::forget(core::Timestamp before, std::size_t limit) {
  co_return co_await pool_.transaction<std::uint64_t>(
      [&](postgres::Session& session) { return forget_changes(session, before, limit); });
}

}  // namespace liveops::adapters::store_postgres::leaderboard
