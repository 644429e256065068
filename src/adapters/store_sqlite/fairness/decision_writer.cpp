#include "adapters/store_sqlite/fairness/decision_writer.hpp"

#include <string_view>

#include "adapters/store_sqlite/fairness/rows.hpp"
#include "core/crypto/digest.hpp"

namespace liveops::adapters::store_sqlite::fairness {

DecisionWriter::DecisionWriter(sqlite::Database& database, std::int64_t kept)
    : database_(database),
      kept_(kept),
      insert_(database.prepare(
          "INSERT INTO decisions(id, player, event_id, action, rule, mode, observed, expected, evidence, explanation, "
          "policy, at, detail) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO NOTHING")),
      flag_(database.prepare("INSERT INTO flagged(player, latest, count) VALUES(?1, ?2, 1) "
                             "ON CONFLICT(player) DO UPDATE SET latest = ?2, count = count + 1")),
      trim_(database.prepare("DELETE FROM decisions WHERE number <= (SELECT max(number) FROM decisions) - ?1")),
      // Whoever's latest remark has left the ring leaves the list with it.
      trim_flagged_(database.prepare("DELETE FROM flagged WHERE player IN (SELECT player FROM flagged WHERE latest <= "
                                     "(SELECT max(number) FROM decisions) - ?1 LIMIT 1000)")) {}

core::Status DecisionWriter::record(const std::vector<ports::DecisionRecord>& decisions) {
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  for (const ports::DecisionRecord& decision : decisions) {
    if (auto recorded = record_one(decision); !recorded) return recorded;
  }
  if (auto trimmed = trim_flagged_.bind(1, kept_).run(); !trimmed) return trimmed;
  if (auto trimmed = trim_.bind(1, kept_).run(); !trimmed) return trimmed;
  return transaction->commit();
}

core::Status DecisionWriter::record_one(const ports::DecisionRecord& decision) {
  insert_.bind_text(1, decision.id).bind_text(2, decision.player_id.str());
  insert_.bind_blob(3, core::crypto::as_bytes(decision.event_id.bytes()));
  insert_.bind_text(4, decision.action).bind_text(5, decision.rule).bind_text(6, decision.mode);
  insert_.bind(7, decision.observed).bind(8, decision.expected).bind(9, decision.evidence);
  insert_.bind_text(10, decision.explanation).bind_text(11, decision.policy_version);
  bind_time(insert_, 12, decision.at);
  insert_.bind_text(13, decision.detail);
  if (auto inserted = insert_.run(); !inserted) return inserted;
  if (database_.changes() == 0) return {};  // known already
  return flag_.bind_text(1, decision.player_id.str()).bind(2, database_.last_insert_rowid()).run();
}

}  // namespace liveops::adapters::store_sqlite::fairness
