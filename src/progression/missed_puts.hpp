#pragma once

#include <cstddef>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "ports/progress.hpp"

namespace liveops::progression {

/// Progress that a cache did not take, so that it can be offered again: else a cache that comes back would show what it
/// held before, until that expires.
///
/// Threads: any.
class MissedPuts {
 public:
  /// Of more than `most_players` some are forgotten.
  explicit MissedPuts(std::size_t most_players) : most_players_(most_players) {}

  /// Adds all that was missed to `players`, and forgets it.
  void move_to(std::vector<ports::Progress>& players);
  /// Keeps the newest version of each player.
  void keep(std::vector<ports::Progress> players);

 private:
  const std::size_t most_players_;
  std::mutex mutex_;
  std::unordered_map<core::PlayerId, ports::Progress> missed_;
};

}  // namespace liveops::progression
