#pragma once

#include <cstddef>
#include <cstdint>

#include "fairness/huge_memory.hpp"
#include "fairness/player_state.hpp"

namespace liveops::fairness {

/// The memory of several tables of equal capacity that fill at the same pace, such as an engine's shards.
///
/// The tables take turns at it, 64 states each, so that together they fill it from the front: a slab of huge pages
/// with few players in it costs few of those pages. Threads: any; what it points to belongs to the tables.
class PlayerSlab {
 public:
  static constexpr std::size_t kTurn = 64;

  /// Throws std::bad_alloc.
  PlayerSlab(std::size_t tables, std::size_t capacity)
      : capacity_(capacity),
        stride_(tables * kTurn),
        index_size_(capacity + capacity / 4 + 1),
        states_((capacity + kTurn - 1) / kTurn * stride_ * sizeof(PlayerState)),
        index_(tables * index_size_ * sizeof(std::uint32_t)) {}

  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  /// From one turn of a table to its next, in states.
  [[nodiscard]] std::size_t stride() const { return stride_; }
  [[nodiscard]] PlayerState* states(std::size_t table) const {
    return static_cast<PlayerState*>(states_.data()) + table * kTurn;
  }
  /// Entries of one table's index: four for every five at most are taken.
  [[nodiscard]] std::size_t index_size() const { return index_size_; }
  [[nodiscard]] std::uint32_t* index(std::size_t table) const {
    return static_cast<std::uint32_t*>(index_.data()) + table * index_size_;
  }

 private:
  std::size_t capacity_;
  std::size_t stride_;
  std::size_t index_size_;
  HugeMemory states_;
  HugeMemory index_;
};

}  // namespace liveops::fairness
