#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "fairness/player_slab.hpp"
#include "fairness/player_state.hpp"

namespace liveops::fairness {

/// A bounded table of players: a slab of states and an index of 4-byte entries over it (open addressing, at
/// most four fifths full). A look-up that finds costs two memory accesses, one after the other: `prefetch_index` and
/// `prefetch_state` let those of several players run side by side.
///
/// When it is full a newcomer takes the place of somebody idle: a clock hand gives everybody seen twice a second
/// chance. Newcomers have none until they are seen again, so a flood of invented ids mostly displaces itself. Memory is
/// touched only as players come. Threads: one at a time, but for the prefetches. States move when others are erased:
/// hold no reference across calls.
class PlayerTable {
 public:
  static constexpr std::size_t kMaxCapacity = (std::size_t{1} << 20U) - 2;

  /// Throws std::bad_alloc. `capacity` is kept within 1..kMaxCapacity.
  explicit PlayerTable(std::size_t capacity);
  /// The `number`th table of `slab`, whose capacity is within 1..kMaxCapacity.
  PlayerTable(std::shared_ptr<const PlayerSlab> slab, std::size_t number);
  PlayerTable(const PlayerTable&) = delete;
  PlayerTable& operator=(const PlayerTable&) = delete;

  /// Null when unknown.
  [[nodiscard]] PlayerState* find(PlayerKey key);
  /// The player's state, a new one if need be, marked as seen.
  PlayerState& touch(PlayerKey key);
  bool erase(PlayerKey key);

  /// Asks for the place of `key` in the index. Changes nothing. Threads: any, beside every other call.
  void prefetch_index(PlayerKey key) const;
  /// Asks for the state of `key` where there seems to be one; waits for the index unless it was prefetched. Changes
  /// nothing. Threads: any, beside every other call.
  void prefetch_state(PlayerKey key) const;

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  /// Where the clock hand stands.
  [[nodiscard]] std::size_t hand() const { return hand_; }
  void set_hand(std::size_t hand) { hand_ = hand; }
  [[nodiscard]] const PlayerState& at(std::size_t slot) const { return state(slot); }
  /// Bytes at most in use, index and slab.
  [[nodiscard]] std::size_t bytes() const {
    return capacity_ * sizeof(PlayerState) + index_size_ * sizeof(std::uint32_t);
  }

 private:
  static constexpr std::size_t kNotFound = ~std::size_t{0};

  [[nodiscard]] PlayerState& state(std::size_t slot) const {
    return states_[slot / PlayerSlab::kTurn * stride_ + slot % PlayerSlab::kTurn];
  }
  [[nodiscard]] std::size_t home(PlayerKey key) const;
  [[nodiscard]] std::size_t next(std::size_t place) const { return place + 1 == index_size_ ? 0 : place + 1; }
  [[nodiscard]] std::size_t place_of(PlayerKey key) const;
  void link(PlayerKey key, std::size_t slot);
  void unlink(std::size_t place);
  [[nodiscard]] std::size_t choose_victim();

  void set_entry(std::size_t place, std::uint32_t entry);

  std::shared_ptr<const PlayerSlab> slab_;
  std::size_t capacity_;
  std::size_t stride_;
  std::size_t index_size_;
  PlayerState* states_;
  std::uint32_t* index_;
  std::size_t size_ = 0;
  std::size_t hand_ = 0;
};

}  // namespace liveops::fairness
