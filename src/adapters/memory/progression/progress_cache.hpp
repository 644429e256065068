#pragma once

#include <list>
#include <mutex>
#include <unordered_map>

#include "ports/progress_cache.hpp"

namespace liveops::adapters::memory::progression {

/// ports::ProgressCache in memory; beyond `max_players` the longest unused leave.
///
/// Threads: any. Calls complete at once and never fail. Memory: some 400 bytes a player.
class ProgressCache final : public ports::ProgressCache {
 public:
  /// Requires: max_players >= 1.
  explicit ProgressCache(std::size_t max_players);

  ports::Task<std::optional<ports::Progress>> get(core::PlayerId player) override;
  ports::Task<void> put(std::vector<ports::Progress> progress) override;

  [[nodiscard]] std::size_t size() const;

 private:
  using Entries = std::list<ports::Progress>;  // most recently used first

  [[nodiscard]] std::optional<ports::Progress> find(const core::PlayerId& player);
  void keep(ports::Progress progress);

  std::size_t max_players_;
  mutable std::mutex mutex_;
  Entries entries_;
  std::unordered_map<core::PlayerId, Entries::iterator> by_player_;
};

}  // namespace liveops::adapters::memory::progression
