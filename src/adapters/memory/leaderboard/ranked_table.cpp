#include "adapters/memory/leaderboard/ranked_table.hpp"

#include <algorithm>
#include <bit>
#include <functional>

namespace liveops::adapters::memory {

void RankedTable::Block::resize(std::uint32_t new_room) {
  auto moved = std::make_unique_for_overwrite<Handle[]>(new_room);  // NOLINT(modernize-avoid-c-arrays)
  std::copy_n(handles.get(), size, moved.get());
  handles = std::move(moved);
  room = new_room;
}

void RankedTable::Block::insert(std::uint32_t index, Handle player) {
  if (size == room) resize(room + kBlockGrowth);
  Handle* const at = handles.get() + index;
  std::copy_backward(at, handles.get() + size, handles.get() + size + 1);
  *at = player;
  ++size;
}

void RankedTable::Block::erase(std::uint32_t index) {
  Handle* const at = handles.get() + index;
  std::copy(at + 1, handles.get() + size, at);
  --size;
  // Two steps below the room, so that one that goes and comes does not move the block each time.
  if (size + 2 * kBlockGrowth <= room) resize(room - kBlockGrowth);
}

RankedTable::Block RankedTable::Block::split(std::uint32_t keep) {
  const auto room_for = [](std::uint32_t count) { return (count / kBlockGrowth + 1) * kBlockGrowth; };
  Block upper;
  upper.resize(room_for(size - keep));
  upper.size = size - keep;
  std::copy_n(handles.get() + keep, upper.size, upper.handles.get());
  size = keep;
  resize(room_for(keep));
  return upper;
}

RankedTable::RankedTable(PlayerNames& names) : names_(names) {}

RankedTable::~RankedTable() {
  while (take_down(kBlockHandles)) {
  }
}

bool RankedTable::take_down(std::size_t limit) {
  std::vector<Handle> players;
  while (taken_down_ < entries_.pages() && players.size() < limit) entries_.take_page(taken_down_++, players);
  names_.release(players);
  return taken_down_ < entries_.pages();
}

bool RankedTable::ahead(std::int64_t key_a, Handle a, std::int64_t key_b, Handle b) const {
  if (key_a != key_b) return key_a > key_b;
  return a != b && names_.less(a, b);
}

RankedTable::Place RankedTable::place_of(std::int64_t rank_key, Handle player) const {
  // The last block whose first entry is not behind this one; equal keys are told apart by name, block by block.
  const auto [low, high] = std::ranges::equal_range(first_keys_, rank_key, std::greater{});
  auto block = static_cast<std::size_t>(low - first_keys_.begin());
  const auto equal_end = static_cast<std::size_t>(high - first_keys_.begin());
  std::size_t candidates = equal_end - block;
  while (candidates > 0) {
    const std::size_t half = candidates / 2;
    if (ahead(rank_key, player, rank_key, blocks_[block + half].handles[0])) {
      candidates = half;
    } else {
      block += half + 1;
      candidates -= half + 1;
    }
  }
  block = block == 0 ? 0 : block - 1;
  const auto used = blocks_[block].used();
  const auto found = std::ranges::partition_point(
      used, [&](Handle other) { return ahead(entries_.rank_key(other), other, rank_key, player); });
  return {block, static_cast<std::uint32_t>(found - used.begin())};
}

bool RankedTable::put(const Entry& entry) {
  const auto old = entries_.find(entry.player);
  if (old && old->version >= entry.version) return false;
  if (old && old->rank_key == entry.rank_key) {
    entries_.put(entry);
    return true;
  }
  if (old) {
    remove_ordered(old->rank_key, entry.player);
  } else {
    names_.retain(entry.player);
  }
  entries_.put(entry);
  insert_ordered(entry.rank_key, entry.player);
  return true;
}

bool RankedTable::erase(Handle player) {
  const auto known = entries_.find(player);
  if (!known) return false;
  remove_ordered(known->rank_key, player);
  entries_.erase(player);
  names_.release(player);
  return true;
}

void RankedTable::insert_ordered(std::int64_t rank_key, Handle player) {
  if (blocks_.empty()) {
    blocks_.emplace_back().insert(0, player);
    first_keys_.push_back(rank_key);
    rebuild_counts();
    return;
  }
  Place place = place_of(rank_key, player);
  if (blocks_[place.block].size == kBlockHandles) {
    split(place.block);
    place = place_of(rank_key, player);
  }
  blocks_[place.block].insert(place.index, player);
  if (place.index == 0) first_keys_[place.block] = rank_key;
  add_count(place.block, 1);
}

void RankedTable::remove_ordered(std::int64_t rank_key, Handle player) {
  const Place place = place_of(rank_key, player);
  Block& block = blocks_[place.block];
  block.erase(place.index);
  if (block.size == 0) {
    blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(place.block));
    first_keys_.erase(first_keys_.begin() + static_cast<std::ptrdiff_t>(place.block));
    rebuild_counts();
    return;
  }
  if (place.index == 0) first_keys_[place.block] = entries_.rank_key(block.handles[0]);
  add_count(place.block, -1);
}

void RankedTable::split(std::size_t block) {
  // A table that grows in rank order (a rebuild, a score that only falls) would leave half-empty blocks behind: the
  // last block is cut near its end.
  const bool last = block + 1 == blocks_.size();
  Block upper = blocks_[block].split(last ? kBlockHandles - kBlockHandles / 8 : kBlockHandles / 2);
  const auto next = static_cast<std::ptrdiff_t>(block + 1);
  first_keys_.insert(first_keys_.begin() + next, entries_.rank_key(upper.handles[0]));
  blocks_.insert(blocks_.begin() + next, std::move(upper));
  rebuild_counts();
}

void RankedTable::rebuild_counts() {
  counts_.assign(blocks_.size() + 1, 0);
  for (std::size_t i = 1; i < counts_.size(); ++i) {
    counts_[i] += blocks_[i - 1].size;
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
  const auto entry = entries_.find(player);
  return entry ? std::optional(rank(*entry)) : std::nullopt;
}

std::uint64_t RankedTable::rank(const Entry& entry) const {
  const Place place = place_of(entry.rank_key, entry.player);
  return count_before(place.block) + place.index;
}

std::vector<RankedTable::Entry> RankedTable::range(std::uint64_t offset, std::size_t limit) const {
  std::vector<Entry> result;
  if (offset >= size()) return result;
  result.reserve(std::min<std::uint64_t>(limit, size() - offset));
  Place place = seek(offset);
  for (; place.block < blocks_.size() && result.size() < limit; ++place.block, place.index = 0) {
    for (const Handle player : blocks_[place.block].used().subspan(place.index)) {
      if (result.size() == limit) break;
      result.push_back(entries_.at(player));
    }
  }
  return result;
}

std::size_t RankedTable::memory_bytes() const {
  std::size_t bytes = sizeof(*this) + entries_.memory_bytes() + blocks_.capacity() * sizeof(Block) +
                      first_keys_.capacity() * sizeof(std::int64_t) + counts_.capacity() * sizeof(std::uint32_t);
  for (const Block& block : blocks_) bytes += block.room * sizeof(Handle);
  return bytes;
}

}  // namespace liveops::adapters::memory
