#include "fairness/async/player_pool.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "fairness/async/shape_check.hpp"

namespace liveops::fairness::async {
namespace {

constexpr std::size_t kFirstIndex = 1024;
constexpr std::uint32_t kLooked = 16;    // slots looked at for one to leave
constexpr std::size_t kShortId = 15;     // characters that need no memory beside the player
constexpr std::size_t kLongestId = 128;  // bytes of it: 64 characters, as strings grow
constexpr std::int64_t kIdleUs = std::int64_t{3} * 86'400 * 1'000'000;

}  // namespace

bool makes_sense(const Player& player) {
  const auto sound = [](const StreamState& stream) {
    return stream.next < kUnits && stream.kept <= kUnits && std::isfinite(stream.base) &&
           std::isfinite(stream.variance) && std::isfinite(stream.reference);
  };
  return std::ranges::all_of(player.streams, sound) && ShapeCheck::makes_sense(player.timing.shape) &&
         ShapeCheck::makes_sense(player.award_shape) && player.replay.in_a_row <= kLongGram &&
         player.replay.content_repeats.next < Repeats::kWindow && player.replay.step_repeats.next < Repeats::kWindow;
}

PlayerPool::PlayerPool(std::size_t capacity)
    : capacity_(std::clamp<std::size_t>(capacity, 1, std::numeric_limits<std::uint32_t>::max() / 4)),
      index_(kFirstIndex) {}

std::uint32_t PlayerPool::find(PlayerKey key) const {
  for (std::size_t place = home(key); index_[place] != 0; place = (place + 1) & (index_.size() - 1)) {
    const std::uint32_t slot = index_[place] - 1;
    if (at(slot).key == key) return slot;
  }
  return kNone;
}

std::uint32_t PlayerPool::admit(PlayerKey key, const core::PlayerId& id, std::int64_t now_us) {
  std::uint32_t slot = kNone;
  if (size_ < capacity_) {
    slot = add();
  } else {
    slot = victim_for(key, now_us);
    if (slot == kNone) return kNone;
    unlink(slot);
    count_id(at(slot).id, false);
    at(slot) = Player{};
  }
  Player& player = at(slot);
  player.key = key;
  player.id = id;
  player.used = true;
  player.first_seen_us = now_us;
  count_id(player.id, true);
  link(slot);
  return slot;
}

void PlayerPool::count_id(const core::PlayerId& id, bool comes) {
  const std::size_t bytes = id.str().capacity() <= kShortId ? 0 : id.str().capacity() + 1;
  id_bytes_ = comes ? id_bytes_ + bytes : id_bytes_ - bytes;
}

std::uint32_t PlayerPool::add() {
  if (size_ % kBlock == 0) blocks_.push_back(std::make_unique<std::array<Player, kBlock>>());
  if (2 * (std::size_t{size_} + 1) > index_.size()) grow();
  return size_++;
}

void PlayerPool::grow() {
  index_.assign(index_.size() * 2, 0);
  for (std::uint32_t slot = 0; slot < size_; ++slot) {
    if (at(slot).used) link(slot);
  }
}

void PlayerPool::link(std::uint32_t slot) {
  std::size_t place = home(at(slot).key);
  while (index_[place] != 0) place = (place + 1) & (index_.size() - 1);
  index_[place] = slot + 1;
}

void PlayerPool::unlink(std::uint32_t slot) {
  const std::size_t mask = index_.size() - 1;
  std::size_t hole = home(at(slot).key);
  while (index_[hole] != slot + 1) hole = (hole + 1) & mask;
  // Those behind move up, unless that would put them before their home (Knuth 6.4, algorithm R).
  for (std::size_t place = (hole + 1) & mask; index_[place] != 0; place = (place + 1) & mask) {
    const std::size_t wanted = home(at(index_[place] - 1).key);
    if (((place - wanted) & mask) < ((place - hole) & mask)) continue;
    index_[hole] = index_[place];
    hole = place;
  }
  index_[hole] = 0;
}

std::uint32_t PlayerPool::victim_for(PlayerKey key, std::int64_t now_us) {
  const std::uint16_t wanted = count_turned_away(key);
  std::uint32_t least = kNone;
  for (std::uint32_t i = 0; i < kLooked; ++i) {
    hand_ = hand_ + 1 >= size_ ? 0 : hand_ + 1;
    const Player& player = at(hand_);
    if (player.open != 0) continue;  // who plays now stays
    if (now_us - player.last_seen_us > kIdleUs) return hand_;
    if (least == kNone || player.recent_events < at(least).recent_events) least = hand_;
  }
  if (least == kNone) return kNone;
  return static_cast<float>(wanted) > at(least).recent_events + 1 ? least : kNone;
}

std::uint16_t PlayerPool::count_turned_away(PlayerKey key) {
  if (turned_away_.empty()) turned_away_.resize(kRows * kColumns);
  std::uint16_t count = std::numeric_limits<std::uint16_t>::max();
  for (std::size_t row = 0; row < kRows; ++row) {
    std::uint16_t& cell =
        turned_away_[row * kColumns + (std::rotr(key.value, static_cast<int>(16 * row)) & (kColumns - 1))];
    if (cell < std::numeric_limits<std::uint16_t>::max()) ++cell;
    count = std::min(count, cell);
  }
  return count;
}

void PlayerPool::age() {
  for (std::uint16_t& cell : turned_away_) cell /= 2;
  for (std::uint32_t slot = 0; slot < size_; ++slot) at(slot).recent_events /= 2;
}

std::size_t PlayerPool::bytes() const {
  return blocks_.size() * sizeof(std::array<Player, kBlock>) + index_.size() * sizeof(std::uint32_t) + id_bytes_ +
         blocks_.capacity() * sizeof(void*) + turned_away_.size() * sizeof(std::uint16_t);
}

std::size_t PlayerPool::max_bytes() const {
  const std::size_t blocks = (capacity_ + kBlock - 1) / kBlock;
  const std::size_t index = std::max(kFirstIndex, std::bit_ceil(2 * capacity_ + 2));
  return blocks * (sizeof(std::array<Player, kBlock>) + sizeof(void*)) + capacity_ * kLongestId +
         index * sizeof(std::uint32_t) + kRows * kColumns * sizeof(std::uint16_t);
}

void PlayerPool::save(std::uint32_t slot, Writer& out) const {
  const Player& player = at(slot);
  out.put_text(player.id.str());
  out.put(player.last_event);
  out.put(player.first_seen_us);
  out.put(player.last_seen_us);
  out.put(player.events);
  out.put(player.sessions);
  out.put(player.recent_events);
  out.put(player.pace);
  out.put(player.paced);
  out.put(player.quarter_score);
  out.put(player.quarter_active_s);
  out.put(player.flag_hour);
  out.put(player.quarantine);
  out.put(player.quarter_events);
  out.put(player.open);
  out.put(player.in_quarter);
  out.put(player.suspect);
  out.put(player.streams);
  out.put(player.timing);
  out.put(player.award_shape);
  out.put(player.quarter_awards);
  out.put(player.types);
  out.put(player.replay);
  out.put(player.unit);
  out.put(player.farm);
  out.put(player.activity);
  out.put(player.said);
}

}  // namespace liveops::fairness::async
