#include "fairness/review_desk.hpp"

#include <utility>

#include "ports/review_rules.hpp"

namespace liveops::fairness {
namespace {

constexpr std::size_t kAtOnce = 20;
constexpr std::chrono::seconds kInHand{5};  // a decision this young is being carried out by who took it

bool calls_for_review(const ports::DecisionRecord& decision) {
  if (decision.mode == core::to_string(core::RuleMode::shadow)) return false;
  return decision.action == "flag" || decision.action == "quarantine" || decision.action == "block";
}

}  // namespace

std::vector<ports::Suspicion> suspicions_of(const std::vector<ports::DecisionRecord>& decisions) {
  std::vector<ports::Suspicion> suspicions;
  for (const ports::DecisionRecord& decision : decisions) {
    if (!calls_for_review(decision)) continue;
    suspicions.push_back({.player_id = decision.player_id,
                          .rule = decision.rule,
                          .action = decision.action,
                          .evidence = decision.evidence,
                          .summary = decision.explanation,
                          .decision_id = decision.id,
                          .at = decision.at});
  }
  return suspicions;
}

ReviewDesk::ReviewDesk(ports::ReviewStore& store, Moderation& moderation, const core::Clock& clock,
                       ports::Metrics& metrics)
    : store_(store),
      moderation_(moderation),
      clock_(clock),
      metrics_(metrics),
      without_room_(metrics.counter("liveops_fairness_reviews_without_room_total",
                                    "Remarks that opened no case as too many wait for a decision", {})) {}

ports::Task<void> ReviewDesk::open(std::vector<ports::Suspicion> suspicions) {
  if (suspicions.empty()) co_return core::Status{};
  const auto refused = co_await store_.open(std::move(suspicions));
  if (!refused) co_return std::unexpected(refused.error());
  without_room_.add(static_cast<double>(*refused));
  co_return core::Status{};
}

ports::Task<ports::ReviewCase> ReviewDesk::decide(std::int64_t id, ReviewVerdict verdict) {
  ports::ReviewCase::Decision decision{.outcome = verdict.outcome,
                                       .worker = std::move(verdict.worker),
                                       .reason = std::move(verdict.reason),
                                       .at = clock_.now()};
  const core::Timestamp now = decision.at;
  auto decided = co_await store_.decide(id, std::move(decision));
  if (!decided) co_return decided;
  if (decided->decision->at == now) {  // else decided before: this is a repeat
    metrics_
        .counter("liveops_fairness_reviews_decided_total", "Cases decided by reviewers",
                 {{"outcome", std::string(to_string(decided->decision->outcome))}, {"rule", decided->latest.rule}})
        .add();
  }
  if (decided->decision->carried_out) co_return decided;
  if (auto done = co_await carry_out(*decided); !done) co_return decided;
  co_return co_await store_.find(id);
}

ports::Task<void> ReviewDesk::carry_out_left() {
  const auto waiting = co_await store_.to_carry_out(kAtOnce);
  if (!waiting) co_return std::unexpected(waiting.error());
  for (const ports::ReviewCase& decided : *waiting) {
    if (clock_.now() - decided.decision->at < kInHand) continue;
    if (auto done = co_await carry_out(decided); !done) co_return done;
  }
  co_return core::Status{};
}

ports::Task<void> ReviewDesk::carry_out(ports::ReviewCase decided) {
  OperatorOrder order{.action = OperatorAction::overturn,
                      .player_id = decided.latest.player_id,
                      .reason = decided.decision->reason,
                      .duration = {},
                      .actor = ports::reviewer_of(decided)};
  const auto carried_out = co_await moderation_.carry_out(std::move(order));
  // Of a player who is not known any more there is nothing left to undo.
  if (!carried_out && carried_out.error().code != core::Errc::not_found) co_return std::unexpected(carried_out.error());
  co_return co_await store_.carried_out(decided.id);
}

ports::Task<void> ReviewDesk::measure() {
  const auto rules = co_await store_.summary();
  if (!rules) co_return std::unexpected(rules.error());
  for (const ports::RuleReviews& rule : *rules) {
    metrics_.gauge("liveops_fairness_reviews_undecided", "Cases that wait for a decision", {{"rule", rule.rule}})
        .set(static_cast<double>(rule.undecided));
    const auto precision = rule.precision();
    if (!precision) continue;
    metrics_
        .gauge("liveops_fairness_rule_precision", "Share of a rule's decided cases in which it was right",
               {{"rule", rule.rule}})
        .set(*precision);
  }
  co_return core::Status{};
}

}  // namespace liveops::fairness
