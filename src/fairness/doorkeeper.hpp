#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "fairness/player_key.hpp"

namespace liveops::fairness {

/// Who may come in when a table of players is full: those whose events keep coming. Invented ids, seen once or twice,
/// stay outside, however many there are.
///
/// A count-min sketch with conservative update (Estan and Varghese 2002) that is halved after a while, so that counts
/// are of late (TinyLFU, Einziger et al. 2017). 8 KiB. Threads: one at a time.
class Doorkeeper {
 public:
  /// Counts one event of `player`; true once there were enough of late.
  bool admits(PlayerKey player) {
    std::array<std::uint8_t*, kRows> cells;
    std::uint8_t least = kMost;
    for (std::size_t row = 0; row < kRows; ++row) {
      cells[row] = &counts_[row][(player.value >> (11 * row)) % kWidth];
      least = std::min(least, *cells[row]);
    }
    if (least < kMost) {
      for (std::uint8_t* cell : cells) *cell = std::max(*cell, static_cast<std::uint8_t>(least + 1));
    }
    if (++events_ >= kHalvedAfter) halve();
    return least + 1 >= kEvents;
  }

 private:
  static constexpr std::size_t kRows = 4;
  static constexpr std::size_t kWidth = 2048;
  static constexpr std::size_t kHalvedAfter = 2 * kWidth;
  static constexpr std::uint8_t kMost = 255;
  static constexpr int kEvents = 5;

  void halve() {
    events_ = 0;
    for (auto& row : counts_) {
      for (std::uint8_t& count : row) count /= 2;
    }
  }

  std::array<std::array<std::uint8_t, kWidth>, kRows> counts_{};
  std::size_t events_ = 0;
};

}  // namespace liveops::fairness
