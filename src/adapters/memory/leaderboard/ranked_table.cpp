#include "adapters/memory/leaderboard/ranked_table.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace liveops::adapters::memory {

RankedTable::RankedTable(PlayerNames& names)
    : names_(names), by_player_(0, PlayerHash{&entries_}, PlayerEqual{&entries_}) {}

RankedTable::~RankedTable() {
  while (take_down(kBlockSlots)) {
  }
}

bool RankedTable::take_down(std::size_t limit) {
  const std::size_t end = std::min(entries_.size(), taken_down_ + limit);
  std::vector<Handle> handles;
  for (; taken_down_ < end; ++taken_down_) {
    if (entries_[taken_down_].player != kNobody) handles.push_back(entries_[taken_down_].player);
  }
  names_.release(handles);
  return taken_down_ < entries_.size();
}

bool RankedTable::ahead(const Entry& a, const Entry& b) const {
  if (a.rank_key != b.rank_key) return a.rank_key > b.rank_key;
  return a.player != b.player && names_.less(a.player, b.player);
}

RankedTable::Place RankedTable::place_of(const Entry& entry) const {
  // The last block whose first entry is not behind `entry`; equal keys are told apart by name, block by block.
  const auto [low, high] = std::ranges::equal_range(first_keys_, entry.rank_key, std::greater{});
  auto block = static_cast<std::size_t>(low - first_keys_.begin());
  const auto equal_end = static_cast<std::size_t>(high - first_keys_.begin());
  std::size_t candidates = equal_end - block;
  while (candidates > 0) {
    const std::size_t half = candidates / 2;
    if (ahead(entry, entries_[blocks_[block + half]->slots[0]])) {
      candidates = half;
    } else {
      block += half + 1;
      candidates -= half + 1;
    }
  }
  block = block == 0 ? 0 : block - 1;
  const auto used = blocks_[block]->used();
  const auto found = std::ranges::partition_point(used, [&](Slot slot) { return ahead(entries_[slot], entry); });
  return {block, static_cast<std::uint32_t>(found - used.begin())};
}

bool RankedTable::put(const Entry& entry) {
  if (const auto known = by_player_.find(ByPlayer{entry.player}); known != by_player_.end()) {
    const Slot slot = *known;
    Entry& old = entries_[slot];
    if (old.version >= entry.version) return false;
    if (old.rank_key == entry.rank_key) {
      old = entry;
      return true;
    }
    remove_slot(slot);
    old = entry;
    insert_slot(slot);
    return true;
  }
  names_.retain(entry.player);
  const Slot slot = take_slot(entry);
  by_player_.insert(slot);
  insert_slot(slot);
  return true;
}

bool RankedTable::erase(Handle player) {
  const auto known = by_player_.find(ByPlayer{player});
  if (known == by_player_.end()) return false;
  const Slot slot = *known;
  remove_slot(slot);
  by_player_.erase(known);
  entries_[slot].player = kNobody;
  free_.push_back(slot);
  names_.release(player);
  return true;
}

RankedTable::Slot RankedTable::take_slot(const Entry& entry) {
  if (free_.empty()) {
    entries_.push_back(entry);
    return static_cast<Slot>(entries_.size() - 1);
  }
  const Slot slot = free_.back();
  free_.pop_back();
  entries_[slot] = entry;
  return slot;
}

void RankedTable::insert_slot(Slot slot) {
  if (blocks_.empty()) {
    auto block = std::make_unique_for_overwrite<Block>();
    block->slots[0] = slot;
    block->size = 1;
    blocks_.push_back(std::move(block));
    first_keys_.push_back(entries_[slot].rank_key);
    rebuild_counts();
    return;
  }
  Place place = place_of(entries_[slot]);
  if (blocks_[place.block]->size == kBlockSlots) {
    split(place.block);
    place = place_of(entries_[slot]);
  }
  Block& block = *blocks_[place.block];
  Slot* const at = block.slots + place.index;
  std::memmove(at + 1, at, (block.size - place.index) * sizeof(Slot));
  *at = slot;
  ++block.size;
  if (place.index == 0) first_keys_[place.block] = entries_[slot].rank_key;
  add_count(place.block, 1);
}

void RankedTable::remove_slot(Slot slot) {
  const Place place = place_of(entries_[slot]);
  Block& block = *blocks_[place.block];
  Slot* const at = block.slots + place.index;
  --block.size;
  std::memmove(at, at + 1, (block.size - place.index) * sizeof(Slot));
  if (block.size == 0) {
    blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(place.block));
    first_keys_.erase(first_keys_.begin() + static_cast<std::ptrdiff_t>(place.block));
    rebuild_counts();
    return;
  }
  if (place.index == 0) first_keys_[place.block] = entries_[block.slots[0]].rank_key;
  add_count(place.block, -1);
}

void RankedTable::split(std::size_t block) {
  // A table that grows in rank order (a rebuild, a score that only falls) would leave half-empty blocks behind: the
  // last block is cut near its end.
  const bool last = block + 1 == blocks_.size();
  const std::uint32_t keep = last ? kBlockSlots - kBlockSlots / 8 : kBlockSlots / 2;
  auto upper = std::make_unique_for_overwrite<Block>();
  Block& lower = *blocks_[block];
  upper->size = lower.size - keep;
  std::memcpy(upper->slots, lower.slots + keep, upper->size * sizeof(Slot));
  lower.size = keep;
  const auto next = static_cast<std::ptrdiff_t>(block + 1);
  first_keys_.insert(first_keys_.begin() + next, entries_[upper->slots[0]].rank_key);
  blocks_.insert(blocks_.begin() + next, std::move(upper));
  rebuild_counts();
}

void RankedTable::rebuild_counts() {
  counts_.assign(blocks_.size() + 1, 0);
  for (std::size_t i = 1; i < counts_.size(); ++i) {
    counts_[i] += blocks_[i - 1]->size;
    const std::size_t parent = i + (i & (~i + 1));
    if (parent < counts_.size()) counts_[parent] += counts_[i];
  }
}

void RankedTable::add_count(std::size_t block, std::int32_t by) {
  for (std::size_t i = block + 1; i < counts_.size(); i += i & (~i + 1)) {
    counts_[i] += static_cast<std::uint32_t>(by);  // modulo 2^32: adding -1 takes one away
  }
}

std::uint64_t RankedTable::count_before(std::size_t block) const {
  std::uint64_t count = 0;
  for (std::size_t i = block; i > 0; i &= i - 1) count += counts_[i];
  return count;
}

RankedTable::Place RankedTable::seek(std::uint64_t offset) const {
  std::size_t block = 0;
  for (std::size_t step = std::bit_floor(counts_.size()); step > 0; step /= 2) {
    if (block + step < counts_.size() && counts_[block + step] <= offset) {
      block += step;
      offset -= counts_[block];
    }
  }
  return {block, static_cast<std::uint32_t>(offset)};
}

std::optional<std::uint64_t> RankedTable::rank(Handle player) const {
  const Entry* entry = find(player);
  if (entry == nullptr) return std::nullopt;
  const Place place = place_of(*entry);
  return count_before(place.block) + place.index;
}

const RankedTable::Entry* RankedTable::find(Handle player) const {
  const auto known = by_player_.find(ByPlayer{player});
  return known == by_player_.end() ? nullptr : &entries_[*known];
}

std::vector<RankedTable::Entry> RankedTable::range(std::uint64_t offset, std::size_t limit) const {
  std::vector<Entry> result;
  if (offset >= size()) return result;
  result.reserve(std::min<std::uint64_t>(limit, size() - offset));
  Place place = seek(offset);
  for (; place.block < blocks_.size() && result.size() < limit; ++place.block, place.index = 0) {
    for (const Slot slot : blocks_[place.block]->used().subspan(place.index)) {
      if (result.size() == limit) break;
      result.push_back(entries_[slot]);
    }
  }
  return result;
}

}  // namespace liveops::adapters::memory
