#include "adapters/store_postgres/fairness/review_writer.hpp"

#include <algorithm>
#include <utility>

#include "adapters/store_postgres/fairness/audit_writer.hpp"
#include "adapters/store_postgres/fairness/review_reader.hpp"
#include "adapters/store_postgres/fairness/rows.hpp"
#include "ports/review_rules.hpp"

namespace liveops::adapters::store_postgres::fairness {
namespace {

// Case by case, in the order of their key, so that replicas lock rows in one order.
constexpr postgres::Statement kAdd{"fairness_add_to_review", R"sql(
UPDATE fairness.reviews SET
  action = CASE WHEN remark = $6 THEN action ELSE $3 END, evidence = CASE WHEN remark = $6 THEN evidence ELSE $4 END,
  summary = CASE WHEN remark = $6 THEN summary ELSE $5 END, at = CASE WHEN remark = $6 THEN at ELSE $7 END,
  remarks = remarks + (remark <> $6)::int, remark = $6
WHERE player = $1 AND rule = $2 AND outcome IS NULL)sql"};

constexpr postgres::Statement kUndecided{"fairness_count_undecided",
                                         "SELECT count(*) FROM fairness.reviews WHERE outcome IS NULL"};

constexpr postgres::Statement kInsert{"fairness_insert_review", R"sql(
INSERT INTO fairness.reviews AS r(player, rule, action, evidence, summary, remark, at, remarks, opened_at)
VALUES($1, $2, $3, $4, $5, $6, $7::bigint, 1, $7::bigint)
ON CONFLICT (player, rule) WHERE outcome IS NULL DO UPDATE SET
  action = excluded.action, evidence = excluded.evidence, summary = excluded.summary, remark = excluded.remark,
  at = excluded.at, remarks = r.remarks + 1)sql"};

constexpr postgres::Statement kClaim{
    "fairness_claim_review",
    "UPDATE fairness.reviews SET worker = $2::text, claimed_until = $3::bigint WHERE id = $1::bigint"};

constexpr postgres::Statement kDecide{"fairness_decide_review", R"sql(
UPDATE fairness.reviews SET outcome = $2::int, decided_by = $3::text, reason = $4::text, decided_at = $5::bigint,
  carried_out = $6::boolean
WHERE id = $1::bigint)sql"};

constexpr postgres::Statement kCount{"fairness_count_review", R"sql(
INSERT INTO fairness.review_outcomes AS o(rule, upheld, overturned) VALUES($1::text, $2::bigint, 1 - $2::bigint)
ON CONFLICT (rule) DO UPDATE SET upheld = o.upheld + excluded.upheld, overturned = o.overturned + excluded.overturned
)sql"};

constexpr postgres::Statement kTrim{"fairness_trim_reviews", R"sql(
DELETE FROM fairness.reviews WHERE id IN (
  SELECT id FROM fairness.reviews WHERE outcome IS NOT NULL AND carried_out
  ORDER BY decided_at DESC LIMIT 100 OFFSET $1::bigint))sql"};

constexpr postgres::Statement kCarriedOut{
    "fairness_review_carried_out",
    "UPDATE fairness.reviews SET carried_out = true WHERE id = $1::bigint AND outcome IS NOT NULL"};

postgres::Parameters parameters_of(const ports::Suspicion& suspicion) {
  postgres::Parameters out;
  out.add_text(suspicion.player_id.str()).add_text(suspicion.rule).add_text(suspicion.action);
  out.add(suspicion.evidence).add_text(suspicion.summary).add_text(suspicion.decision_id);
  out.add(micros_of(suspicion.at));
  return out;
}

/// False: there is no room for another case.
ports::Task<bool> open_one(postgres::Session& session, const ports::Suspicion& suspicion, std::int64_t& room) {
  const auto added = co_await session.run(kAdd, parameters_of(suspicion));
  if (!added) co_return std::unexpected(added.error());
  if (added->affected() > 0) co_return true;
  if (room <= 0) co_return false;
  --room;
  const auto inserted = co_await session.run(kInsert, parameters_of(suspicion));
  if (!inserted) co_return std::unexpected(inserted.error());
  co_return true;
}

ports::Task<void> write_decision(postgres::Session& session, const ports::ReviewCase& decided) {
  const ports::ReviewCase::Decision& decision = *decided.decision;
  postgres::Parameters parameters;
  parameters.add(decided.id).add(static_cast<std::int64_t>(decision.outcome)).add_text(decision.worker);
  parameters.add_text(decision.reason).add(micros_of(decision.at)).add(decision.carried_out);
  const auto written = co_await session.run(kDecide, std::move(parameters));
  if (!written) co_return std::unexpected(written.error());
  postgres::Parameters outcome;
  outcome.add_text(decided.latest.rule).add(std::int64_t{decision.outcome == ports::ReviewOutcome::uphold});
  const auto counted = co_await session.run(kCount, std::move(outcome));
  if (!counted) co_return std::unexpected(counted.error());
  const auto trimmed = co_await session.run(kTrim, postgres::Parameters().add(ports::ReviewStore::kKeptDecided));
  if (!trimmed) co_return std::unexpected(trimmed.error());
  co_return core::Status{};
}

}  // namespace

ports::Task<std::uint64_t> open_reviews(postgres::Session& session, const std::vector<ports::Suspicion>& suspicions) {
  std::vector<const ports::Suspicion*> in_order;
  in_order.reserve(suspicions.size());
  for (const ports::Suspicion& suspicion : suspicions) in_order.push_back(&suspicion);
  std::ranges::sort(in_order, [](const auto* a, const auto* b) {
    return std::tie(a->player_id, a->rule, a) < std::tie(b->player_id, b->rule, b);
  });
  // Counted without a lock: replicas that are at the bound together may pass it by a batch.
  const auto undecided = co_await session.run(kUndecided, {});
  if (!undecided) co_return std::unexpected(undecided.error());
  std::int64_t room = ports::ReviewStore::kMaxUndecided - undecided->int64(0, 0);
  std::uint64_t refused = 0;
  for (const ports::Suspicion* suspicion : in_order) {
    const auto opened = co_await open_one(session, *suspicion, room);
    if (!opened) co_return std::unexpected(opened.error());
    refused += *opened ? 0U : 1U;
  }
  co_return refused;
}

ports::Task<ports::ReviewCase> claim_review(postgres::Session& session, std::int64_t id, const std::string& worker,
                                            core::Timestamp now, std::chrono::seconds lease) {
  auto found = co_await lock_review(session, id);
  if (!found) co_return found;
  if (auto free = ports::may_claim(*found, worker, now); !free) co_return std::unexpected(free.error());
  found->claim = {.worker = worker, .until = now + lease};
  postgres::Parameters parameters;
  parameters.add(id).add_text(worker).add(micros_of(found->claim->until));
  const auto claimed = co_await session.run(kClaim, std::move(parameters));
  if (!claimed) co_return std::unexpected(claimed.error());
  co_return found;
}

ports::Task<ports::ReviewCase> decide_review(postgres::Session& session, std::int64_t id,
                                             const ports::ReviewCase::Decision& decision,
                                             const ports::AuditSigner& signer) {
  auto found = co_await lock_review(session, id);
  if (!found) co_return found;
  const auto is_new = ports::may_decide(*found, decision);
  if (!is_new) co_return std::unexpected(is_new.error());
  if (!*is_new) co_return found;
  found->decision = decision;
  found->decision->carried_out = decision.outcome == ports::ReviewOutcome::uphold;
  if (const auto written = co_await write_decision(session, *found); !written) {
    co_return std::unexpected(written.error());
  }
  const auto line = ports::audit_entry_of(*found);
  if (!line) co_return found;
  // Last: from here on no other replica can add to the audit until this transaction ends.
  const std::vector<ports::AuditEntry> lines{*line};
  if (const auto noted = co_await append_audit(session, lines, signer); !noted) {
    co_return std::unexpected(noted.error());
  }
  co_return found;
}

ports::Task<void> review_carried_out(postgres::Session& session, std::int64_t id) {
  const auto noted = co_await session.run(kCarriedOut, postgres::Parameters().add(id));
  if (!noted) co_return std::unexpected(noted.error());
  if (noted->affected() == 0) co_return core::fail(core::Errc::not_found, "There is no such decided case.");
  co_return core::Status{};
}

}  // namespace liveops::adapters::store_postgres::fairness
