#include "core/idempotency_table.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <iterator>
#include <tuple>

namespace liveops::core {

namespace {

constexpr std::uint32_t kRunning = 0x8000'0000U;
constexpr std::int64_t kEpoch2020 = 1'577'836'800;
constexpr std::size_t kPushedAlong = 64;  // slots behind the last home; more are added when they do not suffice
constexpr std::size_t kLeaveAtOnce = 16;  // a sixteenth

std::uint32_t second_of(Timestamp time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count() - kEpoch2020 + 1;
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(second, 1, kRunning - 1));
}

constexpr std::uint32_t second_of(std::uint32_t stamp) {
  return stamp & ~kRunning;
}
constexpr bool is_running(std::uint32_t stamp) {
  return (stamp & kRunning) != 0;
}

constexpr std::size_t room_in(std::size_t capacity) {
  return capacity * 5 / 6;
}
constexpr std::size_t capacity_for(std::size_t keys) {
  return keys * 6 / 5 + 2;
}

}  // namespace

IdempotencyTable::IdempotencyTable(Options options)
    : options_(options), shard_limit_((std::max<std::size_t>(options.max_keys, 1) + 63) / 64) {}

KeyState IdempotencyTable::begin(const EventId& id, const Fingerprint& fingerprint, Timestamp now) {
  const auto second = second_of(now);
  Shard& shard = shard_of(id);
  const std::lock_guard lock(shard.mutex);
  if (Slot* slot = find(shard, id); slot != nullptr) {
    if (!expired(*slot, second)) {
      if (slot->fingerprint != fingerprint) return KeyState::mismatch;
      return is_running(slot->stamp) ? KeyState::running : KeyState::done;
    }
    *slot = {id.bytes(), fingerprint, second | kRunning};
    return KeyState::fresh;
  }
  return insert(shard, {id.bytes(), fingerprint, second | kRunning}, second) ? KeyState::fresh : KeyState::no_room;
}

void IdempotencyTable::complete(const EventId& id, const Fingerprint& fingerprint, Timestamp at) {
  const auto second = second_of(at);
  Shard& shard = shard_of(id);
  const std::lock_guard lock(shard.mutex);
  const Slot done{id.bytes(), fingerprint, second};
  if (Slot* slot = find(shard, id); slot != nullptr) {
    *slot = done;
  } else {
    std::ignore = insert(shard, done, second);  // no room: forgotten, as the header says
  }
}

void IdempotencyTable::abandon(const EventId& id) {
  Shard& shard = shard_of(id);
  const std::lock_guard lock(shard.mutex);
  if (Slot* slot = find(shard, id); slot != nullptr && is_running(slot->stamp)) erase(shard, slot);
}

std::size_t IdempotencyTable::size() const {
  std::size_t keys = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    keys += shard.used;
  }
  return keys;
}

std::size_t IdempotencyTable::memory_bytes() const {
  std::size_t bytes = sizeof(*this);
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    bytes += shard.slots.capacity() * sizeof(Slot);
  }
  return bytes;
}

std::uint64_t IdempotencyTable::hash_of(const EventId::Bytes& id) {
  std::uint64_t value = 0;
  std::memcpy(&value, id.data() + 8, sizeof value);
  if constexpr (std::endian::native == std::endian::little) value = std::byteswap(value);
  return value << 2U;  // the two highest bits are the UUID's variant
}

std::size_t IdempotencyTable::home(std::uint64_t hash, std::size_t capacity) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::size_t>((static_cast<Wide>(hash) * capacity) >> 64U);
}

/// Where the first slot stands that is empty or whose hash is not below `hash`.
std::size_t IdempotencyTable::position(const Shard& shard, std::uint64_t hash) {
  std::size_t at = home(hash, shard.capacity);
  while (at < shard.slots.size() && shard.slots[at].stamp != 0 && hash_of(shard.slots[at].id) < hash) ++at;
  return at;
}

IdempotencyTable::Slot* IdempotencyTable::find(Shard& shard, const EventId& id) {
  if (shard.used == 0) return nullptr;
  const auto hash = hash_of(id.bytes());
  for (std::size_t at = position(shard, hash); at < shard.slots.size(); ++at) {
    Slot& slot = shard.slots[at];
    if (slot.stamp == 0 || hash_of(slot.id) != hash) return nullptr;
    if (slot.id == id.bytes()) return &slot;
  }
  return nullptr;
}

bool IdempotencyTable::insert(Shard& shard, const Slot& slot, std::uint32_t now) const {
  if (shard.used >= std::min(room_in(shard.capacity), shard_limit_) && !make_room(shard, now)) return false;
  const std::size_t at = position(shard, hash_of(slot.id));
  std::size_t empty = at;
  while (empty < shard.slots.size() && shard.slots[empty].stamp != 0) ++empty;
  if (empty == shard.slots.size()) shard.slots.emplace_back();
  const auto begin = shard.slots.begin();
  using Offset = std::ptrdiff_t;
  std::move_backward(begin + static_cast<Offset>(at), begin + static_cast<Offset>(empty),
                     begin + static_cast<Offset>(empty) + 1);
  shard.slots[at] = slot;
  ++shard.used;
  return true;
}

void IdempotencyTable::erase(Shard& shard, Slot* slot) {
  auto at = static_cast<std::size_t>(slot - shard.slots.data());
  while (at + 1 < shard.slots.size()) {
    const Slot& next = shard.slots[at + 1];
    if (next.stamp == 0 || home(hash_of(next.id), shard.capacity) > at) break;
    shard.slots[at] = next;
    ++at;
  }
  shard.slots[at] = {};
  --shard.used;
}

bool IdempotencyTable::make_room(Shard& shard, std::uint32_t now) const {
  std::vector<Slot> kept;
  kept.reserve(shard.used);
  std::ranges::copy_if(shard.slots, std::back_inserter(kept),
                       [&](const Slot& slot) { return slot.stamp != 0 && !expired(slot, now); });
  if (kept.size() >= shard_limit_) drop_oldest(kept, std::max<std::size_t>(kept.size() / kLeaveAtOnce, 1));
  if (kept.size() >= shard_limit_) return false;
  std::size_t capacity = shard.capacity;
  if (kept.size() + kept.size() / kLeaveAtOnce >= room_in(capacity)) {
    capacity = std::min(capacity + std::max<std::size_t>(capacity / 7, 16), capacity_for(shard_limit_));
  }
  rebuild(shard, kept, capacity);
  return true;
}

bool IdempotencyTable::expired(const Slot& slot, std::uint32_t now) const {
  const auto lifetime = is_running(slot.stamp) ? options_.reservation : options_.retention;
  return second_of(slot.stamp) + lifetime.count() <= now;
}

void IdempotencyTable::drop_oldest(std::vector<Slot>& slots, std::size_t count) {
  std::vector<std::uint32_t> completed;
  for (const Slot& slot : slots) {
    if (!is_running(slot.stamp)) completed.push_back(slot.stamp);
  }
  if (completed.empty()) return;
  count = std::min(count, completed.size());
  const auto last = completed.begin() + static_cast<std::ptrdiff_t>(count - 1);
  std::ranges::nth_element(completed, last);
  const std::uint32_t newest_to_go = *last;
  auto of_that_second = std::count(completed.begin(), last + 1, newest_to_go);
  std::erase_if(slots, [&](const Slot& slot) {
    if (is_running(slot.stamp) || slot.stamp > newest_to_go) return false;
    return slot.stamp < newest_to_go || of_that_second-- > 0;
  });
}

void IdempotencyTable::rebuild(Shard& shard, const std::vector<Slot>& kept, std::size_t capacity) {
  std::vector<Slot> slots(capacity + kPushedAlong);
  std::size_t at = 0;
  for (const Slot& slot : kept) {
    at = std::max(at, home(hash_of(slot.id), capacity));
    if (at == slots.size()) slots.emplace_back();
    slots[at++] = slot;
  }
  shard.slots = std::move(slots);
  shard.capacity = capacity;
  shard.used = kept.size();
}

}  // namespace liveops::core
