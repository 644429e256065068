#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "fairness/async/bytes.hpp"
#include "fairness/async/player.hpp"

namespace liveops::fairness::async {

/// Whether what was read back can be worked with: indexes lie within their arrays.
[[nodiscard]] bool makes_sense(const Player& player);

/// The watched players, at most `capacity`. When it is full, a new one is let in for one who has been idle for three
/// days, or for one who plays less than he does (by a count-min sketch of the events of those who were turned away:
/// TinyLFU, Einziger et al. 2017), so a flood of invented ids drives nobody out.
///
/// Slots stay what they are until their player is replaced. Memory comes in blocks of 256 players, as they come.
class PlayerPool {
 public:
  explicit PlayerPool(std::size_t capacity);

  static constexpr std::uint32_t kNone = ~0U;
  [[nodiscard]] std::uint32_t find(PlayerKey key) const;
  /// The slot of `key`, a new one where there is room; kNone: turned away.
  [[nodiscard]] std::uint32_t admit(PlayerKey key, const core::PlayerId& id, std::int64_t now_us);

  [[nodiscard]] Player& at(std::uint32_t slot) { return (*blocks_[slot / kBlock])[slot % kBlock]; }
  [[nodiscard]] const Player& at(std::uint32_t slot) const { return (*blocks_[slot / kBlock])[slot % kBlock]; }
  [[nodiscard]] std::uint32_t size() const { return size_; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

  /// Halves what counts towards staying. Call it once a day.
  void age();

  [[nodiscard]] std::size_t bytes() const;
  [[nodiscard]] std::size_t max_bytes() const;
  void save(std::uint32_t slot, Writer& out) const;
  /// Adds a player who was saved. False: it makes no sense. `key` is his key now.
  template <class KeyOf>
  [[nodiscard]] bool restore(Reader& in, const KeyOf& key_of);

 private:
  static constexpr std::size_t kBlock = 256;
  static constexpr std::size_t kRows = 4;
  static constexpr std::size_t kColumns = 1U << 14U;

  [[nodiscard]] std::size_t home(PlayerKey key) const { return key.value & (index_.size() - 1); }
  void link(std::uint32_t slot);
  void unlink(std::uint32_t slot);
  void grow();
  [[nodiscard]] std::uint32_t add();
  /// Ids of more than 15 characters have memory of their own.
  void count_id(const core::PlayerId& id, bool comes);
  [[nodiscard]] std::uint32_t victim_for(PlayerKey key, std::int64_t now_us);
  [[nodiscard]] std::uint16_t count_turned_away(PlayerKey key);

  std::size_t capacity_;
  std::uint32_t size_ = 0;
  std::uint32_t hand_ = 0;
  std::size_t id_bytes_ = 0;
  std::vector<std::uint32_t> index_;  // slot + 1; 0: empty. Open addressing
  std::vector<std::unique_ptr<std::array<Player, kBlock>>> blocks_;
  std::vector<std::uint16_t> turned_away_;  // empty until somebody was
};

template <class KeyOf>
bool PlayerPool::restore(Reader& in, const KeyOf& key_of) {
  std::string id;
  if (!in.take_text(id, 64) || !core::is_valid_name(id) || size_ >= capacity_) return false;
  const PlayerKey key = key_of(id);
  if (find(key) != kNone) return false;
  const std::uint32_t slot = add();
  Player& player = at(slot);
  if (!in.take(player.last_event) || !in.take(player.first_seen_us) || !in.take(player.last_seen_us) ||
      !in.take(player.events) || !in.take(player.sessions) || !in.take(player.recent_events) || !in.take(player.pace) ||
      !in.take(player.paced) || !in.take(player.quarter_score) || !in.take(player.quarter_active_s) ||
      !in.take(player.flag_hour) || !in.take(player.quarantine) || !in.take(player.quarter_events) ||
      !in.take(player.open) || !in.take(player.in_quarter) || !in.take(player.suspect) || !in.take(player.streams) ||
      !in.take(player.timing) || !in.take(player.award_shape) || !in.take(player.quarter_awards) ||
      !in.take(player.types) || !in.take(player.replay) || !in.take(player.unit) || !in.take(player.farm) ||
      !in.take(player.activity) || !in.take(player.said)) {
    return false;
  }
  if (!makes_sense(player)) return false;
  player.id = core::PlayerId::trusted(std::move(id));
  player.key = key;
  player.used = true;
  count_id(player.id, true);
  link(slot);
  return true;
}

}  // namespace liveops::fairness::async
