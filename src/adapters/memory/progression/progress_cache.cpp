#include "adapters/memory/progression/progress_cache.hpp"

namespace liveops::adapters::memory::progression {

ProgressCache::ProgressCache(std::size_t max_players) : max_players_(max_players) {}

ports::Task<std::optional<ports::Progress>> ProgressCache::get(core::PlayerId player) {
  co_return find(player);
}

ports::Task<void> ProgressCache::put(std::vector<ports::Progress> progress) {
  for (auto& one : progress) keep(std::move(one));
  co_return core::Status();
}

std::size_t ProgressCache::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

std::optional<ports::Progress> ProgressCache::find(const core::PlayerId& player) {
  const std::lock_guard lock(mutex_);
  const auto found = by_player_.find(player);
  if (found == by_player_.end()) return std::nullopt;
  entries_.splice(entries_.begin(), entries_, found->second);
  return entries_.front();
}

void ProgressCache::keep(ports::Progress progress) {
  const std::lock_guard lock(mutex_);
  const auto found = by_player_.find(progress.player_id);
  if (found != by_player_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    if (entries_.front().version < progress.version) entries_.front() = std::move(progress);
    return;
  }
  if (entries_.size() == max_players_) {
    by_player_.erase(entries_.back().player_id);
    entries_.pop_back();
  }
  entries_.push_front(std::move(progress));
  by_player_.emplace(entries_.front().player_id, entries_.begin());
}

}  // namespace liveops::adapters::memory::progression
