#pragma once

#include <vector>

#include "ports/progress_cache.hpp"
#include "ports/progress_store.hpp"
#include "progression/counters.hpp"

namespace liveops::progression {

/// Answers what a player has: progress through the cache, items from the store.
///
/// Threads: any.
class ProgressQuery {
 public:
  ProgressQuery(ports::ProgressStore& store, ports::ProgressCache& cache, Counters& counters);

  /// Errors: as ProgressStore::progress_of.
  [[nodiscard]] ports::Task<ports::Progress> progress_of(core::PlayerId player);
  /// Errors: as ProgressStore::inventory_of.
  [[nodiscard]] ports::Task<std::vector<ports::InventoryItem>> inventory_of(core::PlayerId player);

 private:
  ports::ProgressStore& store_;
  ports::ProgressCache& cache_;
  Counters& counters_;
};

}  // namespace liveops::progression
