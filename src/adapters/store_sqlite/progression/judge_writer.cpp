#include "adapters/store_sqlite/progression/judge_writer.hpp"

#include "adapters/store_sqlite/progression/rows.hpp"

namespace liveops::adapters::store_sqlite::progression {

namespace {

// Receipts of a player's claims (?1) that are not used up, since the disqualification or outside of it.
constexpr const char* kRevoke =
    "UPDATE receipt SET revoked_at = ?3 WHERE redeemed_at IS NULL AND revoked_at IS NULL AND receipt_id IN "
    "(SELECT c.receipt_id FROM claim c JOIN player p ON p.key = c.player WHERE p.player_id = ?1 AND c.claimed_at >= "
    "?2)";
constexpr const char* kRestore =
    "UPDATE receipt SET revoked_at = NULL WHERE redeemed_at IS NULL AND revoked_at IS NOT NULL AND receipt_id IN "
    "(SELECT c.receipt_id FROM claim c JOIN player p ON p.key = c.player WHERE p.player_id = ?1 "
    "AND (?2 IS NULL OR c.claimed_at < ?2))";

void bind_since(sqlite::Statement& statement, int index, const core::StandingChange& change) {
  if (change.disqualified) {
    statement.bind(index, to_us(change.disqualified->since));
  } else {
    statement.bind_null(index);
  }
}

/// True: it is the newest that is known of the player.
core::Result<bool> keep(sqlite::Database& database, const core::StandingChange& change) {
  auto upsert = database.prepare(
      "INSERT INTO judged(player_id, version, since, changed_at) VALUES(?1, ?2, ?3, ?4) ON CONFLICT(player_id) DO "
      "UPDATE "
      "SET version = excluded.version, since = excluded.since, changed_at = excluded.changed_at "
      "WHERE excluded.version > version");
  upsert.bind_text(1, change.player_id.str()).bind(2, change.version).bind(4, to_us(change.at));
  bind_since(upsert, 3, change);
  if (auto done = upsert.run(); !done) return std::unexpected(done.error());
  return database.changes() > 0;
}

core::Status judge_one(sqlite::Database& database, const core::StandingChange& change, core::Timestamp now,
                       ports::RevokedReceipts& receipts) {
  const auto is_new = keep(database, change);
  if (!is_new) return std::unexpected(is_new.error());
  if (!*is_new) return {};
  auto restore = database.prepare(kRestore);
  restore.bind_text(1, change.player_id.str());
  bind_since(restore, 2, change);
  if (auto done = restore.run(); !done) return done;
  receipts.restored += static_cast<std::uint64_t>(database.changes());
  if (!change.disqualified) return {};
  auto revoke = database.prepare(kRevoke);
  revoke.bind_text(1, change.player_id.str()).bind(3, to_us(now));
  bind_since(revoke, 2, change);
  if (auto done = revoke.run(); !done) return done;
  receipts.revoked += static_cast<std::uint64_t>(database.changes());
  return {};
}

}  // namespace

core::Result<ports::RevokedReceipts> judge_players(sqlite::Database& database,
                                                   const std::vector<core::StandingChange>& changes,
                                                   core::Timestamp now) {
  auto transaction = sqlite::Transaction::begin(database);
  if (!transaction) return std::unexpected(transaction.error());
  ports::RevokedReceipts receipts;
  for (const auto& change : changes) {
    if (auto done = judge_one(database, change, now, receipts); !done) return std::unexpected(done.error());
  }
  if (auto done = transaction->commit(); !done) return std::unexpected(done.error());
  return receipts;
}

core::Result<std::uint64_t> forget_judged_players(sqlite::Database& database, core::Timestamp before,
                                                  std::size_t limit) {
  auto remove = database.prepare(
      "DELETE FROM judged WHERE player_id IN (SELECT player_id FROM judged WHERE changed_at < ?1 AND since IS NULL "
      "LIMIT ?2)");
  if (auto done = remove.bind(1, to_us(before)).bind(2, static_cast<std::int64_t>(limit)).run(); !done) {
    return std::unexpected(done.error());
  }
  return static_cast<std::uint64_t>(database.changes());
}

}  // namespace liveops::adapters::store_sqlite::progression
