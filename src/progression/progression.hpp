#pragma once

#include <chrono>
#include <memory>

#include "core/receipt.hpp"
#include "core/rules.hpp"
#include "core/time.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"
#include "ports/progress_cache.hpp"
#include "ports/progress_store.hpp"
#include "ports/reward_store.hpp"
#include "progression/counters.hpp"
#include "progression/game_book.hpp"
#include "progression/inbox_sweep.hpp"
#include "progression/progress_ingest.hpp"
#include "progression/progress_query.hpp"
#include "progression/receipt_desk.hpp"
#include "progression/revocations.hpp"
#include "progression/reward_desk.hpp"

namespace liveops::progression {

/// What the service stands on; all of it outlives the service.
struct Dependencies {
  ports::ProgressStore& progress;
  ports::RewardStore& rewards;
  ports::ProgressCache& cache;
  const core::ReceiptSigner& signer;
  const core::Clock& clock;
  ports::Metrics& metrics;
  ports::Log& log;
  std::chrono::days inbox_retention{15};  // how long an event id is known again
};

/// The progression service, put together: events in; progress, items, rewards and receipts out.
///
/// Threads: any. Requires: executors of callers have stopped before it is destroyed.
class Progression {
 public:
  Progression(std::shared_ptr<const GameBook> book, Dependencies with);

  [[nodiscard]] ProgressIngest& ingest() { return ingest_; }
  [[nodiscard]] InboxSweep& inbox_sweep() { return inbox_sweep_; }
  [[nodiscard]] ProgressQuery& query() { return query_; }
  [[nodiscard]] RewardDesk& rewards() { return rewards_; }
  [[nodiscard]] ReceiptDesk& receipts() { return receipts_; }
  [[nodiscard]] Revocations& revocations() { return revocations_; }  // `handle`: Topic::verdicts
  [[nodiscard]] const CurrentBook& book() const { return book_; }
  [[nodiscard]] const core::Clock& clock() const { return clock_; }
  [[nodiscard]] ports::Log& log() { return log_; }

  /// From now on these rules are in force; requests and batches in hand finish by the old ones.
  void replace_rules(std::shared_ptr<const GameBook> book) { book_.replace(std::move(book)); }

 private:
  const core::Clock& clock_;
  ports::Log& log_;
  CurrentBook book_;
  Counters counters_;
  ProgressIngest ingest_;
  InboxSweep inbox_sweep_;
  ProgressQuery query_;
  RewardDesk rewards_;
  ReceiptDesk receipts_;
  Revocations revocations_;
};

}  // namespace liveops::progression
