#pragma once

#include <cstdint>
#include <string_view>

namespace liveops::fairness {

/// A player's place in the table: 64 bits of a keyed hash. Two million players share one with probability 1e-7.
struct PlayerKey {
  std::uint64_t value = 0;
  friend bool operator==(const PlayerKey&, const PlayerKey&) = default;
};

/// SipHash-1-3 (Aumasson, Bernstein 2012) under a secret seed, so that nobody can choose ids that collide.
///
/// Threads: any (const).
class PlayerHasher {
 public:
  struct Seed {
    std::uint64_t first = 0;
    std::uint64_t second = 0;
  };
  explicit PlayerHasher(Seed seed) : seed_(seed) {}
  [[nodiscard]] PlayerKey operator()(std::string_view player_id) const;

 private:
  Seed seed_;
};

}  // namespace liveops::fairness
