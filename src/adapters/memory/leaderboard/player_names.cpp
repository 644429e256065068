#include "adapters/memory/leaderboard/player_names.hpp"

#include <mutex>

namespace liveops::adapters::memory {

PlayerNames::PlayerNames() : by_name_(0, Hash{&players_}, Equal{&players_}) {}

PlayerNames::Handle PlayerNames::acquire(std::string_view name) {
  const std::unique_lock lock(mutex_);
  if (const auto known = by_name_.find(name); known != by_name_.end()) {
    ++players_[*known].uses;
    return *known;
  }
  Handle handle = 0;
  if (free_.empty()) {
    handle = static_cast<Handle>(players_.size());
    players_.push_back({std::string(name), 1});
  } else {
    handle = free_.back();
    free_.pop_back();
    players_[handle] = {std::string(name), 1};
  }
  by_name_.insert(handle);
  return handle;
}

void PlayerNames::retain(Handle handle) {
  const std::unique_lock lock(mutex_);
  ++players_[handle].uses;
}

void PlayerNames::release(Handle handle) {
  const std::unique_lock lock(mutex_);
  release_locked(handle);
}

void PlayerNames::release(std::span<const Handle> handles) {
  const std::unique_lock lock(mutex_);
  for (const Handle handle : handles) release_locked(handle);
}

void PlayerNames::release_locked(Handle handle) {
  if (--players_[handle].uses > 0) return;
  by_name_.erase(handle);
  players_[handle].name = std::string();
  free_.push_back(handle);
}

std::optional<PlayerNames::Handle> PlayerNames::find(std::string_view name) const {
  const std::shared_lock lock(mutex_);
  const auto known = by_name_.find(name);
  return known == by_name_.end() ? std::nullopt : std::optional(*known);
}

std::string PlayerNames::name(Handle handle) const {
  const std::shared_lock lock(mutex_);
  return players_[handle].name;
}

bool PlayerNames::less(Handle a, Handle b) const {
  const std::shared_lock lock(mutex_);
  return players_[a].name < players_[b].name;
}

std::size_t PlayerNames::size() const {
  const std::shared_lock lock(mutex_);
  return by_name_.size();
}

}  // namespace liveops::adapters::memory
