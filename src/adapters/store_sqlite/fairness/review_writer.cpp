#include "adapters/store_sqlite/fairness/review_writer.hpp"

#include "adapters/store_sqlite/fairness/rows.hpp"
#include "ports/review_rules.hpp"

namespace liveops::adapters::store_sqlite::fairness {
namespace {

void bind_suspicion(sqlite::Statement& statement, const ports::Suspicion& suspicion) {
  statement.bind_text(1, suspicion.player_id.str()).bind_text(2, suspicion.rule).bind_text(3, suspicion.action);
  statement.bind(4, suspicion.evidence).bind_text(5, suspicion.summary).bind_text(6, suspicion.decision_id);
  bind_time(statement, 7, suspicion.at);
}

}  // namespace

ReviewWriter::ReviewWriter(sqlite::Database& database, AuditWriter& audit)
    : database_(database),
      audit_(audit),
      reader_(database),
      add_(database.prepare(
          "UPDATE reviews SET action = iif(remark = ?6, action, ?3), evidence = iif(remark = ?6, evidence, ?4), "
          "summary = iif(remark = ?6, summary, ?5), at = iif(remark = ?6, at, ?7), remarks = remarks + (remark <> ?6), "
          "remark = ?6 WHERE player = ?1 AND rule = ?2 AND outcome IS NULL")),
      insert_(database.prepare(
          "INSERT INTO reviews(player, rule, action, evidence, summary, remark, at, remarks, opened_at) "
          "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?7)")),
      claim_(database.prepare("UPDATE reviews SET worker = ?2, claimed_until = ?3 WHERE id = ?1")),
      decide_(database.prepare("UPDATE reviews SET outcome = ?2, decided_by = ?3, reason = ?4, decided_at = ?5, "
                               "carried_out = ?6 WHERE id = ?1")) {}

core::Result<std::uint64_t> ReviewWriter::open(const std::vector<ports::Suspicion>& suspicions) {
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  sqlite::Statement undecided = database_.prepare("SELECT count(*) FROM reviews WHERE outcome IS NULL");
  if (const auto counted = undecided.step(); !counted) return std::unexpected(counted.error());
  std::int64_t room = ports::ReviewStore::kMaxUndecided - undecided.int64(0);
  undecided.reset();
  std::uint64_t refused = 0;
  for (const ports::Suspicion& suspicion : suspicions) {
    const auto opened = open_one(suspicion, room);
    if (!opened) return std::unexpected(opened.error());
    refused += *opened ? 0U : 1U;
  }
  if (auto committed = transaction->commit(); !committed) return std::unexpected(committed.error());
  return refused;
}

core::Result<bool> ReviewWriter::open_one(const ports::Suspicion& suspicion, std::int64_t& room) {
  bind_suspicion(add_, suspicion);
  if (auto added = add_.run(); !added) return std::unexpected(added.error());
  if (database_.changes() > 0) return true;
  if (room <= 0) return false;
  --room;
  bind_suspicion(insert_, suspicion);
  if (auto inserted = insert_.run(); !inserted) return std::unexpected(inserted.error());
  return true;
}

core::Result<ports::ReviewCase> ReviewWriter::claim(std::int64_t id, const std::string& worker, core::Timestamp now,
                                                    std::chrono::seconds lease) {
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  auto found = reader_.find(id);
  if (!found) return found;
  if (auto free = ports::may_claim(*found, worker, now); !free) return std::unexpected(free.error());
  found->claim = {.worker = worker, .until = now + lease};
  claim_.bind(1, id).bind_text(2, worker);
  bind_time(claim_, 3, found->claim->until);
  if (auto claimed = claim_.run(); !claimed) return std::unexpected(claimed.error());
  if (auto committed = transaction->commit(); !committed) return std::unexpected(committed.error());
  return found;
}

core::Result<ports::ReviewCase> ReviewWriter::decide(std::int64_t id, const ports::ReviewCase::Decision& decision) {
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  auto found = reader_.find(id);
  if (!found) return found;
  const auto is_new = ports::may_decide(*found, decision);
  if (!is_new) return std::unexpected(is_new.error());
  if (!*is_new) return found;
  found->decision = decision;
  found->decision->carried_out = decision.outcome == ports::ReviewOutcome::uphold;
  decide_.bind(1, id).bind(2, static_cast<std::int64_t>(decision.outcome)).bind_text(3, decision.worker);
  decide_.bind_text(4, decision.reason);
  bind_time(decide_, 5, decision.at);
  decide_.bind(6, std::int64_t{found->decision->carried_out});
  if (auto decided = decide_.run(); !decided) return std::unexpected(decided.error());
  if (auto counted = count(*found); !counted) return std::unexpected(counted.error());
  if (const auto line = ports::audit_entry_of(*found)) {
    if (auto noted = audit_.append(*line); !noted) return std::unexpected(noted.error());
  }
  if (auto trimmed = trim(); !trimmed) return std::unexpected(trimmed.error());
  if (auto committed = transaction->commit(); !committed) return std::unexpected(committed.error());
  return found;
}

core::Status ReviewWriter::carried_out(std::int64_t id) {
  sqlite::Statement note = database_.prepare("UPDATE reviews SET carried_out = 1 WHERE id = ? AND outcome IS NOT NULL");
  if (auto noted = note.bind(1, id).run(); !noted) return noted;
  if (database_.changes() > 0) return {};
  return core::fail(core::Errc::not_found, "There is no such decided case.");
}

core::Status ReviewWriter::count(const ports::ReviewCase& decided) {
  const bool upheld = decided.decision->outcome == ports::ReviewOutcome::uphold;
  sqlite::Statement add = database_.prepare(
      "INSERT INTO review_outcomes(rule, upheld, overturned) VALUES(?1, ?2, 1 - ?2) ON CONFLICT(rule) DO UPDATE SET "
      "upheld = upheld + ?2, overturned = overturned + 1 - ?2");
  return add.bind_text(1, decided.latest.rule).bind(2, std::int64_t{upheld}).run();
}

core::Status ReviewWriter::trim() {
  sqlite::Statement remove = database_.prepare(
      "DELETE FROM reviews WHERE id IN (SELECT id FROM reviews WHERE outcome IS NOT NULL AND carried_out = 1 "
      "ORDER BY decided_at DESC LIMIT 100 OFFSET ?)");
  return remove.bind(1, ports::ReviewStore::kKeptDecided).run();
}

}  // namespace liveops::adapters::store_sqlite::fairness
