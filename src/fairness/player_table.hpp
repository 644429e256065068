#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "fairness/player_state.hpp"

namespace liveops::fairness {

/// A bounded table of players: a slab of states and an index of 4-byte entries over it (open addressing, half full).
///
/// When it is full a newcomer takes the place of somebody idle: a clock hand gives everybody seen twice a second
/// chance. Newcomers have none until they are seen again, so a flood of invented ids mostly displaces itself. Memory is
/// touched only as players come. Threads: one at a time. States move when others are erased: hold no reference across
/// calls.
class PlayerTable {
 public:
  static constexpr std::size_t kMaxCapacity = (std::size_t{1} << 20U) - 2;

  /// Throws std::bad_alloc. `capacity` is kept within 1..kMaxCapacity.
  explicit PlayerTable(std::size_t capacity);

  /// Null when unknown.
  [[nodiscard]] PlayerState* find(PlayerKey key);
  /// The player's state, a new one if need be, marked as seen.
  PlayerState& touch(PlayerKey key);
  bool erase(PlayerKey key);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  [[nodiscard]] const PlayerState& at(std::size_t slot) const { return slots_[slot]; }
  /// Bytes reserved, index and slab.
  [[nodiscard]] std::size_t bytes() const { return capacity_ * kBytesPerPlayer; }

 private:
  static constexpr std::size_t kNotFound = ~std::size_t{0};

  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };

  [[nodiscard]] std::size_t home(PlayerKey key) const;
  [[nodiscard]] std::size_t next(std::size_t place) const { return place + 1 == index_size_ ? 0 : place + 1; }
  [[nodiscard]] std::size_t place_of(PlayerKey key) const;
  void link(PlayerKey key, std::size_t slot);
  void unlink(std::size_t place);
  [[nodiscard]] std::size_t choose_victim();

  std::size_t capacity_;
  std::size_t index_size_;
  std::size_t size_ = 0;
  std::size_t hand_ = 0;
  std::unique_ptr<PlayerState[], Free> slots_;
  std::unique_ptr<std::uint32_t[], Free> index_;
};

}  // namespace liveops::fairness
