#include "adapters/store_postgres/progression/judge_writer.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/store_postgres/progression/rows.hpp"
#include "adapters/store_postgres/progression/statements.hpp"

namespace liveops::adapters::store_postgres::progression {

using postgres::Parameters;
using postgres::Session;
using postgres::Statement;

namespace {

constexpr Statement kKeep{"progression_keep_judged", R"sql(
INSERT INTO progression.judged AS j (player_id, version, since, changed_at)
SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[])
ON CONFLICT (player_id) DO UPDATE
  SET version = excluded.version, since = excluded.since, changed_at = excluded.changed_at
  WHERE excluded.version > j.version
RETURNING player_id)sql"};

// Receipts of these players' claims that are not used up, outside of the disqualification and since it.
constexpr Statement kRestore{"progression_restore_receipts", R"sql(
UPDATE progression.receipt r SET revoked_at = NULL
FROM progression.claim c JOIN progression.judged j USING (player_id)
WHERE r.receipt_id = c.receipt_id AND c.player_id = ANY($1::text[]) AND r.redeemed_at IS NULL
  AND r.revoked_at IS NOT NULL AND (j.since IS NULL OR c.claimed_at < j.since))sql"};
constexpr Statement kRevoke{"progression_revoke_receipts", R"sql(
UPDATE progression.receipt r SET revoked_at = $2::bigint
FROM progression.claim c JOIN progression.judged j USING (player_id)
WHERE r.receipt_id = c.receipt_id AND c.player_id = ANY($1::text[]) AND r.redeemed_at IS NULL
  AND r.revoked_at IS NULL AND c.claimed_at >= j.since)sql"};

// The conditions stand twice: what changed since the inner one was answered is looked at again by the outer one.
constexpr Statement kForget{"progression_forget_judged", R"sql(
DELETE FROM progression.judged WHERE player_id IN (
  SELECT player_id FROM progression.judged WHERE changed_at < $1::bigint AND since IS NULL LIMIT $2::bigint)
AND changed_at < $1::bigint AND since IS NULL)sql"};

/// The newest change of each player, by player: replicas lock rows in one order.
std::map<std::string_view, const core::StandingChange*> newest_of(const std::vector<core::StandingChange>& changes) {
  std::map<std::string_view, const core::StandingChange*> newest;
  for (const auto& change : changes) {
    const auto [at, added] = newest.try_emplace(change.player_id.str(), &change);
    if (!added && change.version > at->second->version) at->second = &change;
  }
  return newest;
}

/// Those whose newest change was among these. Locks the players first: see `write_claim`.
ports::Task<std::vector<std::string>> keep(Session& session, const std::vector<core::StandingChange>& changes) {
  std::vector<std::string_view> players;
  std::vector<std::int64_t> versions, times;
  std::vector<std::optional<std::int64_t>> sinces;
  for (const auto& [player, change] : newest_of(changes)) {
    players.push_back(player);
    versions.push_back(change->version);
    sinces.push_back(change->disqualified ? std::optional(to_us(change->disqualified->since)) : std::nullopt);
    times.push_back(to_us(change->at));
  }
  const auto locked = co_await session.run(kLockPlayers, std::move(Parameters().add_text_array(players)));
  if (!locked) co_return std::unexpected(locked.error());
  Parameters parameters;
  parameters.add_text_array(players).add_array(versions).add_array(sinces).add_array(times);
  const auto kept = co_await session.run(kKeep, std::move(parameters));
  if (!kept) co_return std::unexpected(kept.error());
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kept->size(); ++i) names.emplace_back(kept->text(i, 0));
  co_return names;
}

}  // namespace

ports::Task<ports::RevokedReceipts> judge_players(Session& session, std::vector<core::StandingChange> changes,
                                                  core::Timestamp now) {
  if (auto done = co_await session.look_up_by_key(); !done) co_return std::unexpected(done.error());
  const auto names = co_await keep(session, changes);
  if (!names) co_return std::unexpected(names.error());
  if (names->empty()) co_return ports::RevokedReceipts{};
  const std::vector<std::string_view> players(names->begin(), names->end());
  const auto restored = co_await session.run(kRestore, std::move(Parameters().add_text_array(players)));
  if (!restored) co_return std::unexpected(restored.error());
  const auto revoked = co_await session.run(kRevoke, std::move(Parameters().add_text_array(players).add(to_us(now))));
  if (!revoked) co_return std::unexpected(revoked.error());
  co_return ports::RevokedReceipts{.revoked = revoked->affected(), .restored = restored->affected()};
}

ports::Task<std::uint64_t> forget_judged_players(Session& session, core::Timestamp before, std::size_t limit) {
  Parameters parameters;
  parameters.add(to_us(before)).add(static_cast<std::int64_t>(limit));
  const auto removed = co_await session.run(kForget, std::move(parameters));
  if (!removed) co_return std::unexpected(removed.error());
  co_return removed->affected();
}

}  // namespace liveops::adapters::store_postgres::progression
