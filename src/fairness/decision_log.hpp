#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <vector>

#include "fairness/review_desk.hpp"
#include "ports/metrics.hpp"
#include "ports/task.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::fairness {

/// Decisions on their way to the store, so that no event waits for their writing. Bounded: beyond it the oldest are
/// dropped and counted, `liveops_fairness_decisions_lost_total`. What must last (standings) does not go this way.
/// Those that a person should look at open a case for review.
///
/// Threads: any.
class DecisionLog {
 public:
  static constexpr std::size_t kDefaultCapacity = 16'384;

  DecisionLog(ports::VerdictStore& store, ReviewDesk& reviews, ports::Metrics& metrics,
              std::size_t capacity = kDefaultCapacity);

  void add(ports::DecisionRecord decision);

  /// Writes what waits, and opens cases for it. Errors: `unavailable` (it waits on).
  [[nodiscard]] ports::Task<void> flush();

 private:
  [[nodiscard]] std::vector<ports::DecisionRecord> take();
  void give_back(std::vector<ports::DecisionRecord> decisions);

  ports::VerdictStore& store_;
  ReviewDesk& reviews_;
  std::size_t capacity_;
  ports::Counter& lost_;
  std::mutex mutex_;
  std::deque<ports::DecisionRecord> waiting_;
};

}  // namespace liveops::fairness
