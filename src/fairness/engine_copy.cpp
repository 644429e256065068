#include <algorithm>
#include <utility>

#include "fairness/engine_parts.hpp"

namespace liveops::fairness {

std::size_t Engine::copy_players(std::size_t shard, std::size_t from, std::span<PlayerState> to) {
  Shard& source = (*shards_)[shard];
  const std::lock_guard lock(source.mutex);
  const std::size_t size = source.table->size();
  const std::size_t count = std::min(to.size(), size - std::min(from, size));
  for (std::size_t i = 0; i < count; ++i) to[i] = source.table->at(from + i);
  return count;
}

Engine::ShardPlace Engine::place(std::size_t shard) {
  Shard& source = (*shards_)[shard];
  const std::lock_guard lock(source.mutex);
  return {.hand = source.table->hand(), .cursor = source.cursor};
}

std::shared_ptr<const Population> Engine::population() {
  Shard& any = shards_->front();
  const std::lock_guard lock(any.mutex);
  return any.population;
}

void Engine::restore(const PlayerState& player) {
  Shard& shard = shard_of(player.key);
  const std::lock_guard lock(shard.mutex);
  const std::size_t before = shard.table->size();
  shard.table->touch(player.key) = player;
  players_.fetch_add(shard.table->size() - before, std::memory_order_relaxed);
}

void Engine::restore(std::size_t shard, ShardPlace place) {
  Shard& target = (*shards_)[shard];
  const std::lock_guard lock(target.mutex);
  target.table->set_hand(place.hand);
  const std::size_t size = target.table->size();
  target.cursor = size == 0 ? 0 : place.cursor % size;
}

void Engine::restore(std::shared_ptr<const Population> population) {
  for (Shard& shard : *shards_) {
    const std::lock_guard lock(shard.mutex);
    shard.population = population;
  }
}

}  // namespace liveops::fairness
