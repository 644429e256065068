#include "progression/missed_puts.hpp"

#include <utility>

namespace liveops::progression {

void MissedPuts::move_to(std::vector<ports::Progress>& players) {
  const std::lock_guard lock(mutex_);
  players.reserve(players.size() + missed_.size());
  for (auto& [player, progress] : missed_) players.push_back(std::move(progress));
  missed_.clear();
}

void MissedPuts::keep(std::vector<ports::Progress> players) {
  const std::lock_guard lock(mutex_);
  for (auto& progress : players) {
    const auto held = missed_.find(progress.player_id);
    if (held == missed_.end()) {
      if (missed_.size() < most_players_) missed_.emplace(progress.player_id, std::move(progress));
    } else if (held->second.version < progress.version) {
      held->second = std::move(progress);
    }
  }
}

}  // namespace liveops::progression
