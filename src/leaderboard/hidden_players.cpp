#include "leaderboard/hidden_players.hpp"

#include <mutex>

namespace liveops::leaderboard {

bool HiddenPlayers::contains(const core::PlayerId& player) const {
  const std::shared_lock lock(mutex_);
  return until_.contains(player);
}

void HiddenPlayers::hide(const core::PlayerId& player, std::optional<core::Timestamp> until) {
  const std::unique_lock lock(mutex_);
  until_.insert_or_assign(player, until);
}

void HiddenPlayers::show(const core::PlayerId& player) {
  const std::unique_lock lock(mutex_);
  until_.erase(player);
}

bool HiddenPlayers::show_if_until(const core::PlayerId& player, core::Timestamp until) {
  const std::unique_lock lock(mutex_);
  const auto found = until_.find(player);
  if (found == until_.end() || found->second != until) return false;
  until_.erase(found);
  return true;
}

void HiddenPlayers::hide_if_shown(const core::PlayerId& player, std::optional<core::Timestamp> until) {
  const std::unique_lock lock(mutex_);
  until_.try_emplace(player, until);
}

std::vector<HiddenPlayers::Block> HiddenPlayers::all() const {
  const std::shared_lock lock(mutex_);
  return {until_.begin(), until_.end()};
}

std::vector<std::pair<core::PlayerId, core::Timestamp>> HiddenPlayers::expired(core::Timestamp now) const {
  const std::shared_lock lock(mutex_);
  std::vector<std::pair<core::PlayerId, core::Timestamp>> result;
  for (const auto& [player, until] : until_) {
    if (until && *until <= now) result.emplace_back(player, *until);
  }
  return result;
}

std::size_t HiddenPlayers::size() const {
  const std::shared_lock lock(mutex_);
  return until_.size();
}

}  // namespace liveops::leaderboard
