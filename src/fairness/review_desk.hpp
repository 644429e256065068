#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "fairness/moderation.hpp"
#include "ports/metrics.hpp"
#include "ports/review_store.hpp"
#include "ports/task.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::fairness {

/// What of these decisions a person should look at: enforced flags, quarantines and blocks. A throttle heals by itself,
/// and a rule in shadow has done nothing to anybody.
[[nodiscard]] std::vector<ports::Suspicion> suspicions_of(const std::vector<ports::DecisionRecord>& decisions);

/// What a worker makes of a case.
struct ReviewVerdict {
  ports::ReviewOutcome outcome = ports::ReviewOutcome::uphold;
  std::string worker;
  std::string reason;
};

/// Opens cases and has them decided; what is overturned is undone.
///
/// Metrics: `liveops_fairness_reviews_decided_total{rule,outcome}`, `liveops_fairness_reviews_without_room_total`, and
/// as of the last `measure` `liveops_fairness_reviews_undecided{rule}` and `liveops_fairness_rule_precision{rule}`.
/// Threads: any.
class ReviewDesk {
 public:
  ReviewDesk(ports::ReviewStore& store, Moderation& moderation, const core::Clock& clock, ports::Metrics& metrics);

  [[nodiscard]] ports::ReviewStore& store() { return store_; }

  /// Errors: as ReviewStore::open.
  [[nodiscard]] ports::Task<void> open(std::vector<ports::Suspicion> suspicions);

  /// Decides the case, durably, and then carries the decision out; if that fails, `carry_out_left` does it.
  /// Errors: as ReviewStore::decide.
  [[nodiscard]] ports::Task<ports::ReviewCase> decide(std::int64_t id, ReviewVerdict verdict);

  /// Carries out what was decided and not carried out, here or by a replica that ended in between. An order may so be
  /// given twice. Errors: as Moderation::carry_out: call again later.
  [[nodiscard]] ports::Task<void> carry_out_left();

  /// Brings the metrics up to date. Errors: as ReviewStore::summary.
  [[nodiscard]] ports::Task<void> measure();

 private:
  [[nodiscard]] ports::Task<void> carry_out(ports::ReviewCase decided);

  ports::ReviewStore& store_;
  Moderation& moderation_;
  const core::Clock& clock_;
  ports::Metrics& metrics_;
  ports::Counter& without_room_;
};

}  // namespace liveops::fairness
