#include "fairness/player_table.hpp"

#include <algorithm>
#include <atomic>
#include <type_traits>
#include <utility>

namespace liveops::fairness {
namespace {

// An index entry: 12 bits of the hash above the slot's number plus one; 0 is an empty place.
constexpr unsigned kSlotBits = 20;
constexpr std::uint32_t kSlotMask = (std::uint32_t{1} << kSlotBits) - 1;
constexpr int kChances = 1024;       // slots the hand looks at for one newcomer
constexpr int kPrefetchProbes = 16;  // a cache line of entries: few players stand further from home

static_assert(std::is_trivially_copyable_v<PlayerState>);

std::uint32_t entry_for(PlayerKey key, std::size_t slot) {
  const auto tag = static_cast<std::uint32_t>(key.value >> 32U) << kSlotBits;
  return tag | static_cast<std::uint32_t>(slot + 1);
}

std::size_t slot_of(std::uint32_t entry) {
  return (entry & kSlotMask) - 1;
}

/// Asks for all cache lines of a state at once: they would come one after the other as the checks reach them.
void prefetch(const PlayerState& slot) {
  const auto* bytes = reinterpret_cast<const char*>(&slot);
  __builtin_prefetch(bytes, 1);
  __builtin_prefetch(bytes + 64, 1);
  __builtin_prefetch(bytes + sizeof(PlayerState) - 1, 1);
}

}  // namespace

PlayerTable::PlayerTable(std::size_t capacity)
    : PlayerTable(std::make_shared<const PlayerSlab>(1, std::clamp<std::size_t>(capacity, 1, kMaxCapacity)), 0) {}

PlayerTable::PlayerTable(std::shared_ptr<const PlayerSlab> slab, std::size_t number)
    : slab_(std::move(slab)),
      capacity_(slab_->capacity()),
      stride_(slab_->stride()),
      index_size_(slab_->index_size()),
      states_(slab_->states(number)),
      index_(slab_->index(number)) {}

std::size_t PlayerTable::home(PlayerKey key) const {
  return static_cast<std::size_t>(((key.value & 0xffffffffU) * index_size_) >> 32U);
}

std::size_t PlayerTable::place_of(PlayerKey key) const {
  const std::uint32_t tag = entry_for(key, 0) & ~kSlotMask;
  for (std::size_t place = home(key); index_[place] != 0; place = next(place)) {
    const std::uint32_t entry = index_[place];
    if ((entry & ~kSlotMask) != tag) continue;
    const PlayerState& slot = at(slot_of(entry));
    prefetch(slot);
    if (slot.key == key) return place;
  }
  return kNotFound;
}

PlayerState* PlayerTable::find(PlayerKey key) {
  const std::size_t place = place_of(key);
  return place == kNotFound ? nullptr : &state(slot_of(index_[place]));
}

PlayerState& PlayerTable::touch(PlayerKey key) {
  if (PlayerState* known = find(key)) {
    known->referenced = 1;
    return *known;
  }
  std::size_t slot = size_;
  if (size_ < capacity_) {
    ++size_;
  } else {
    slot = choose_victim();
    unlink(place_of(state(slot).key));
  }
  state(slot) = PlayerState{};
  state(slot).key = key;
  link(key, slot);
  return state(slot);
}

bool PlayerTable::erase(PlayerKey key) {
  const std::size_t place = place_of(key);
  if (place == kNotFound) return false;
  const std::size_t slot = slot_of(index_[place]);
  unlink(place);
  const std::size_t last = --size_;
  if (slot != last) {
    set_entry(place_of(state(last).key), entry_for(state(last).key, slot));
    state(slot) = state(last);
  }
  return true;
}

void PlayerTable::prefetch_index(PlayerKey key) const {
  __builtin_prefetch(index_ + home(key));
}

void PlayerTable::prefetch_state(PlayerKey key) const {
  const std::uint32_t tag = entry_for(key, 0) & ~kSlotMask;
  std::size_t place = home(key);
  for (int probe = 0; probe < kPrefetchProbes; ++probe, place = next(place)) {
    // Another thread may be changing the index: at worst the wrong state comes.
    const std::uint32_t entry = std::atomic_ref(index_[place]).load(std::memory_order_relaxed);
    if (entry == 0) return;
    if ((entry & ~kSlotMask) == tag) return prefetch(at(slot_of(entry)));
  }
}

void PlayerTable::set_entry(std::size_t place, std::uint32_t entry) {
  std::atomic_ref(index_[place]).store(entry, std::memory_order_relaxed);
}

void PlayerTable::link(PlayerKey key, std::size_t slot) {
  std::size_t place = home(key);
  while (index_[place] != 0) place = next(place);
  set_entry(place, entry_for(key, slot));
}

void PlayerTable::unlink(std::size_t place) {
  // Backward-shift deletion (Knuth 6.4, algorithm R): no tombstones, so probes stay short for ever.
  std::size_t hole = place;
  for (std::size_t probe = next(hole); index_[probe] != 0; probe = next(probe)) {
    const std::size_t wanted = home(at(slot_of(index_[probe])).key);
    const bool stays = hole <= probe ? (hole < wanted && wanted <= probe) : (hole < wanted || wanted <= probe);
    if (stays) continue;
    set_entry(hole, index_[probe]);
    hole = probe;
  }
  set_entry(hole, 0);
}

std::size_t PlayerTable::choose_victim() {
  std::size_t oldest = hand_ % size_;
  for (int chance = 0; chance < kChances; ++chance) {
    const std::size_t slot = hand_ % size_;
    hand_ = slot + 1;
    if (state(slot).referenced == 0) return slot;
    state(slot).referenced = 0;
    if (state(slot).last_us < state(oldest).last_us) oldest = slot;
  }
  return oldest;
}

}  // namespace liveops::fairness
