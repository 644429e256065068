#include "adapters/store_postgres/progression/known_players.hpp"

#include <functional>

namespace liveops::adapters::store_postgres::progression {

namespace {

std::uint64_t hash_of(std::string_view player) {
  return std::hash<std::string_view>{}(player) | 1U;  // never that of nobody
}

}  // namespace

bool KnownPlayers::knows(std::string_view player) const {
  const std::uint64_t hash = hash_of(player);
  return slots_[(hash >> 1U) % slots_.size()].load(std::memory_order_relaxed) == hash;
}

void KnownPlayers::note(std::string_view player) {
  const std::uint64_t hash = hash_of(player);
  slots_[(hash >> 1U) % slots_.size()].store(hash, std::memory_order_relaxed);
}

void KnownPlayers::forget() {
  for (auto& slot : slots_) slot.store(0, std::memory_order_relaxed);
}

}  // namespace liveops::adapters::store_postgres::progression
