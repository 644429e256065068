#include "progression/progress_query.hpp"

namespace liveops::progression {

ProgressQuery::ProgressQuery(ports::ProgressStore& store, ports::ProgressCache& cache, Counters& counters)
    : store_(store), cache_(cache), counters_(counters) {}

ports::Task<ports::Progress> ProgressQuery::progress_of(core::PlayerId player) {
  auto cached = co_await cache_.get(player);
  if (!cached) counters_.cache_errors.add();
  if (cached && *cached) {
    counters_.cache_hits.add();
    co_return std::move(**cached);
  }
  counters_.cache_misses.add();
  auto stored = co_await store_.progress_of(std::move(player));
  if (!stored) co_return stored;
  std::vector<ports::Progress> fresh{*stored};
  // A newer version that arrived meanwhile stays: the cache compares versions.
  if (const auto put = co_await cache_.put(std::move(fresh)); !put) counters_.cache_errors.add();
  co_return stored;
}

ports::Task<std::vector<ports::InventoryItem>> ProgressQuery::inventory_of(core::PlayerId player) {
  return store_.inventory_of(std::move(player));
}

}  // namespace liveops::progression
