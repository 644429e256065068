#pragma once

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "core/time.hpp"
#include "ports/event_bus.hpp"
#include "ports/log.hpp"
#include "ports/progress_cache.hpp"
#include "ports/progress_store.hpp"
#include "progression/counters.hpp"
#include "progression/game_book.hpp"
#include "progression/missed_puts.hpp"
#include "runtime/batch_consumer.hpp"

namespace liveops::progression {

/// Applies batches of delivered events: store first, then the cache; the caller acks.
///
/// Threads: any. A cache that fails costs nothing but speed: the store has the truth. What it did not take it is
/// offered again with the next batch; what is forgotten meanwhile expires there.
class ProgressIngest {
 public:
  ProgressIngest(ports::ProgressStore& store, ports::ProgressCache& cache, const CurrentBook& book,
                 const core::Clock& clock, Counters& counters, ports::Log& log);

  /// Which deliveries can never be read; all others have taken effect exactly once when this completes.
  /// Errors: as ProgressStore::apply, and then the whole batch is to be handed in again.
  [[nodiscard]] ports::Task<std::vector<runtime::Poison>> handle(const std::vector<ports::Delivery>& deliveries);

 private:
  [[nodiscard]] std::vector<ports::LedgerEntry> decode(const std::vector<ports::Delivery>& deliveries,
                                                       const GameBook& book, std::vector<runtime::Poison>& poison);
  [[nodiscard]] boost::asio::awaitable<void> write_cache(std::vector<ports::Progress> players);
  void count(const ports::ApplyOutcome& outcome);

  ports::ProgressStore& store_;
  ports::ProgressCache& cache_;
  const CurrentBook& book_;
  const core::Clock& clock_;
  Counters& counters_;
  ports::Log& log_;
  MissedPuts missed_;
};

}  // namespace liveops::progression
