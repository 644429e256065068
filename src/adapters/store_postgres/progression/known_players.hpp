#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace liveops::adapters::store_postgres::progression {

/// Remembers players that have a row, so that a batch need not ask for each: rows of players are never removed.
///
/// Bounded: a player takes the place of another one with the same slot. It may have forgotten a player, and says that
/// it knows one it does not with a chance of 2^-63. 8 MiB at the usual size. Threads: any.
class KnownPlayers {
 public:
  static constexpr std::size_t kSlots = std::size_t{1} << 20;

  explicit KnownPlayers(std::size_t slots = kSlots) : slots_(slots) {}

  [[nodiscard]] bool knows(std::string_view player) const;
  /// Requires: the player's row is committed.
  void note(std::string_view player);
  /// Somebody has removed rows after all.
  void forget();

 private:
  std::vector<std::atomic<std::uint64_t>> slots_;  // the hash of the player who has it; 0: nobody
};

}  // namespace liveops::adapters::store_postgres::progression
