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
INSERT INTO leaderboard.blocks AS b (player, version, blocked, until, changed_at, reason)
SELECT k.player, k.version, k.blocked <> 0, k.until, k.changed_at, k.reason
FROM unnest($1::text[], $2::bigint[], $3::int[], $4::bigint[], $5::bigint[], $6::text[])
  AS k(player, version, blocked, until, changed_at, reason)
ON CONFLICT (player) DO UPDATE
  SET version = excluded.version, blocked = excluded.blocked, until = excluded.until,
      changed_at = excluded.changed_at, reason = excluded.reason
  WHERE excluded.version > b.version)sql"};

constexpr postgres::Statement kCurrent{"lb_current_blocks", R"sql(
SELECT player, version, blocked, until, changed_at, reason FROM leaderboard.blocks
WHERE player = ANY($1::text[]) ORDER BY player)sql"};

constexpr postgres::Statement kBlocked{"lb_blocked", R"sql(
SELECT player, version, blocked, until, changed_at, reason FROM leaderboard.blocks WHERE blocked)sql"};

// The conditions stand twice: what changed since the inner one was answered is looked at again by the outer one.
constexpr postgres::Statement kForget{"lb_forget_blocks", R"sql(
DELETE FROM leaderboard.blocks WHERE player IN (
  SELECT player FROM leaderboard.blocks WHERE changed_at < $1 AND (NOT blocked OR until <= $1) LIMIT $2)
AND changed_at < $1 AND (NOT blocked OR until <= $1))sql"};

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

ports::Task<Changes> keep_changes(postgres::Session& session, const Changes& changes) {
  std::vector<std::string_view> players, reasons;
  std::vector<std::int64_t> versions, blocked, times;
  std::vector<std::optional<std::int64_t>> untils;
  for (const auto& [player, change] : newest_of(changes)) {
    players.push_back(player);
    versions.push_back(change->version);
    blocked.push_back(change->blocked ? 1 : 0);
    untils.push_back(change->until ? std::optional(to_us(*change->until)) : std::nullopt);
    times.push_back(to_us(change->at));
    reasons.emplace_back(change->reason);
  }
  postgres::Parameters parameters;
  parameters.add_text_array(players).add_array(versions).add_array(blocked).add_array(untils);
  parameters.add_array(times).add_text_array(reasons);
  const auto kept = co_await session.run(kKeep, std::move(parameters));
  if (!kept) co_return std::unexpected(kept.error());
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
