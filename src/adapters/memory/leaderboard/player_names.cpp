#include "adapters/memory/leaderboard/player_names.hpp"

#include <mutex>

namespace liveops::adapters::memory {

PlayerNames::PlayerNames() : by_name_(kShards, Shard(0, Hash{&names_}, Equal{&names_})) {}

PlayerNames::Handle PlayerNames::acquire(std::string_view name) {
  const std::unique_lock lock(mutex_);
  Shard& shard = shard_of(name);
  if (const auto known = shard.find(name); known != shard.end()) {
    ++uses_[*known];
    return *known;
  }
  Handle handle = 0;
  if (free_.empty()) {
    handle = static_cast<Handle>(uses_.size());
    uses_.push_back(1);
  } else {
    handle = free_.back();
    free_.pop_back();
    uses_[handle] = 1;
  }
  names_.set(handle, name);
  shard.insert(handle);
  return handle;
}

void PlayerNames::retain(Handle handle) {
  const std::unique_lock lock(mutex_);
  ++uses_[handle];
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
  if (--uses_[handle] > 0) return;
  shard_of(names_.name(handle)).erase(handle);
  names_.set(handle, {});
  free_.push_back(handle);
}

std::optional<PlayerNames::Handle> PlayerNames::find(std::string_view name) const {
  const std::shared_lock lock(mutex_);
  const Shard& shard = shard_of(name);
  const auto known = shard.find(name);
  return known == shard.end() ? std::nullopt : std::optional(*known);
}

std::string PlayerNames::name(Handle handle) const {
  const std::shared_lock lock(mutex_);
  return std::string(names_.name(handle));
}

bool PlayerNames::less(Handle a, Handle b) const {
  const std::shared_lock lock(mutex_);
  return names_.name(a) < names_.name(b);
}

std::size_t PlayerNames::size() const {
  const std::shared_lock lock(mutex_);
  return uses_.size() - free_.size();
}

std::size_t PlayerNames::memory_bytes() const {
  const std::shared_lock lock(mutex_);
  // A set of groups of 15, each with 16 bytes to tell them apart, at most seven eighths full.
  std::size_t slots = 0;
  for (const Shard& shard : by_name_) slots += shard.bucket_count();
  return sizeof(*this) + names_.memory_bytes() + (uses_.size() + free_.capacity()) * sizeof(Handle) +
         by_name_.capacity() * sizeof(Shard) + slots * sizeof(Handle) + slots / 15 * 16;
}

}  // namespace liveops::adapters::memory
