#include "core/idempotency_table.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <tuple>
#include <utility>

namespace liveops::core {

namespace {

constexpr std::uint32_t kRunning = 0x8000'0000U;
constexpr std::int64_t kEpoch2020 = 1'577'836'800;
constexpr std::size_t kPushedAlong = 128;  // slots behind the last home; more are added when they do not suffice
constexpr std::size_t kLeaveAtOnce = 16;   // a sixteenth
constexpr std::size_t kLineBytes = 64;
constexpr std::size_t kLinesAKey = 5;  // what a search and the slots that an insertion moves mostly lie in

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
  return keys * 13 / 10 + 2;
}

}  // namespace

class IdempotencyTable::Leaving {
 public:
  Leaving() = default;

  /// The oldest `count` of those with these stamps.
  Leaving(std::vector<std::uint32_t> completed, std::size_t count) : count_(std::min(count, completed.size())) {
    if (count_ == 0) return;
    const auto last = completed.begin() + static_cast<std::ptrdiff_t>(count_ - 1);
    std::ranges::nth_element(completed, last);
    second_ = *last;
    in_second_ = static_cast<std::size_t>(std::ranges::count(completed, second_));
    of_second_ = static_cast<std::size_t>(std::count(completed.begin(), last + 1, second_));
  }

  [[nodiscard]] std::size_t count() const { return count_; }

  /// Whether the next slot goes. Those of the last second go at regular intervals: if the first ones went, one end of
  /// the shard would empty and the other overflow.
  [[nodiscard]] bool takes(std::uint32_t stamp) {
    if (is_running(stamp) || stamp > second_) return false;
    if (stamp < second_) return true;
    passed_ += of_second_;
    if (passed_ < in_second_) return false;
    passed_ -= in_second_;
    return true;
  }

 private:
  std::size_t count_ = 0;
  std::uint32_t second_ = 0;
  std::size_t in_second_ = 0;  // keys completed in that second
  std::size_t of_second_ = 0;  // and how many of them go
  std::size_t passed_ = 0;
};

IdempotencyTable::IdempotencyTable(Options options)
    : options_(options), shard_limit_((std::max<std::size_t>(options.max_keys, 1) + 63) / 64) {}

KeyState IdempotencyTable::begin(const EventId& id, const Fingerprint& fingerprint, Timestamp now) {
  const auto second = second_of(now);
  Shard& shard = shard_of(id);
  const Slot reserved{id.bytes(), fingerprint, second | kRunning};
  const std::lock_guard lock(shard.mutex);
  const auto [at, found] = locate(shard, id);
  if (!found) return insert(shard, at, reserved, second) ? KeyState::fresh : KeyState::no_room;
  Slot& slot = shard.slots[at];
  if (!expired(slot, second)) {
    if (slot.fingerprint != fingerprint) return KeyState::mismatch;
    return is_running(slot.stamp) ? KeyState::running : KeyState::done;
  }
  slot = reserved;
  return KeyState::fresh;
}

void IdempotencyTable::complete(const EventId& id, const Fingerprint& fingerprint, Timestamp at) {
  const auto second = second_of(at);
  Shard& shard = shard_of(id);
  const Slot done{id.bytes(), fingerprint, second};
  const std::lock_guard lock(shard.mutex);
  const Place place = locate(shard, id);
  if (place.found) {
    shard.slots[place.at] = done;
  } else {
    std::ignore = insert(shard, place.at, done, second);  // no room: forgotten, as the header says
  }
}

void IdempotencyTable::abandon(const EventId& id) {
  Shard& shard = shard_of(id);
  const std::lock_guard lock(shard.mutex);
  const auto [at, found] = locate(shard, id);
  if (found && is_running(shard.slots[at].stamp)) erase(shard, at);
}

bool IdempotencyTable::is_done(const EventId& id) const {
  const Shard& shard = shard_of(id);
  const std::lock_guard lock(shard.mutex);
  const auto [at, found] = locate(shard, id);
  return found && !is_running(shard.slots[at].stamp);
}

void IdempotencyTable::prefetch(const EventId& id) const {
  const Shard& shard = shard_of(id);
  const auto* slots = reinterpret_cast<const char*>(shard.hinted_slots.load(std::memory_order_relaxed));
  if (slots == nullptr) return;
  const std::size_t capacity = shard.hinted_capacity.load(std::memory_order_relaxed);
  const char* first = slots + home(hash_of(id.bytes()), capacity) * sizeof(Slot);
  for (std::size_t line = 0; line < kLinesAKey; ++line) __builtin_prefetch(first + line * kLineBytes, 1);
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

IdempotencyTable::Place IdempotencyTable::locate(const Shard& shard, const EventId& id) {
  const auto hash = hash_of(id.bytes());
  const std::size_t first = position(shard, hash);
  for (std::size_t at = first; at < shard.slots.size(); ++at) {
    const Slot& slot = shard.slots[at];
    if (slot.stamp == 0 || hash_of(slot.id) != hash) break;
    if (slot.id == id.bytes()) return {at, true};
  }
  return {first, false};
}

/// `at`: as `locate` gave it.
bool IdempotencyTable::insert(Shard& shard, std::size_t at, const Slot& slot, std::uint32_t now) const {
  if (shard.used >= std::min(room_in(shard.capacity), shard_limit_)) {
    if (!make_room(shard, now)) return false;
    at = position(shard, hash_of(slot.id));
  }
  std::size_t empty = at;
  while (empty < shard.slots.size() && shard.slots[empty].stamp != 0) ++empty;
  if (empty == shard.slots.size()) {
    lengthen(shard.slots);
    hint(shard);
  }
  Slot* const slots = shard.slots.data();
  std::move_backward(slots + at, slots + empty, slots + empty + 1);
  slots[at] = slot;
  ++shard.used;
  return true;
}

void IdempotencyTable::erase(Shard& shard, std::size_t at) {
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
  const bool at_bound = shard.used >= shard_limit_;
  std::vector<std::uint32_t> completed;
  if (at_bound) completed.reserve(shard.used);
  std::size_t kept = 0;
  for (const Slot& slot : shard.slots) {
    if (slot.stamp == 0 || expired(slot, now)) continue;
    ++kept;
    if (at_bound && !is_running(slot.stamp)) completed.push_back(slot.stamp);
  }
  Leaving leaving;
  if (kept >= shard_limit_) leaving = Leaving(std::move(completed), std::max<std::size_t>(kept / kLeaveAtOnce, 1));
  kept -= leaving.count();
  if (kept >= shard_limit_) return false;
  std::size_t capacity = shard.capacity;
  if (kept + kept / kLeaveAtOnce >= room_in(capacity)) {
    capacity = std::min(capacity + std::max<std::size_t>(capacity / 7, 16), capacity_for(shard_limit_));
  }
  rewrite(shard, capacity, leaving, now);
  return true;
}

bool IdempotencyTable::expired(const Slot& slot, std::uint32_t now) const {
  const auto lifetime = is_running(slot.stamp) ? options_.reservation : options_.retention;
  return second_of(slot.stamp) + lifetime.count() <= now;
}

/// Takes out what expired or leaves, and gives the others their places in a shard of `capacity`: in the same memory
/// unless it grows, as no place lies behind the one that its slot had in a shard of the same capacity.
void IdempotencyTable::rewrite(Shard& shard, std::size_t capacity, Leaving& leaving, std::uint32_t now) const {
  std::vector<Slot> grown;
  const bool grows = capacity != shard.capacity;
  if (grows) grown.resize(capacity + kPushedAlong);
  std::vector<Slot>& to = grows ? grown : shard.slots;
  std::size_t at = 0;
  std::size_t kept = 0;
  for (Slot& from : shard.slots) {
    const Slot slot = from;
    from.stamp = 0;
    if (slot.stamp == 0 || expired(slot, now) || leaving.takes(slot.stamp)) continue;
    at = std::max(at, home(hash_of(slot.id), capacity));
    if (at == to.size()) lengthen(to);  // only where it grows
    to[at++] = slot;
    ++kept;
  }
  if (grows) shard.slots = std::move(grown);
  shard.capacity = capacity;
  shard.used = kept;
  hint(shard);
}

/// By little: a vector by itself would double the memory.
void IdempotencyTable::lengthen(std::vector<Slot>& slots) {
  slots.reserve(slots.size() + kPushedAlong);
  slots.resize(slots.size() + kPushedAlong);
}

void IdempotencyTable::hint(Shard& shard) {
  shard.hinted_slots.store(shard.slots.data(), std::memory_order_relaxed);
  shard.hinted_capacity.store(shard.capacity, std::memory_order_relaxed);
}

}  // namespace liveops::core
