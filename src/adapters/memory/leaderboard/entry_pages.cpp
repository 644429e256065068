#include "adapters/memory/leaderboard/entry_pages.hpp"

#include <algorithm>

namespace liveops::adapters::memory {

namespace {

constexpr unsigned kKeyBits = 53;
constexpr unsigned kTimeBitsBeside = 64 - kKeyBits;  // the time's low bits stand in the key's word
constexpr std::uint64_t kKeyMask = (std::uint64_t{1} << kKeyBits) - 1;
constexpr unsigned kTimeBitsAbove = 48;
constexpr std::size_t kAllocationBytes = 16;  // what an allocation takes beside what was asked for, about

}  // namespace

EntryPages::Packed EntryPages::pack(const RankedEntry& entry) {
  const auto time = static_cast<std::uint64_t>(entry.achieved_us);
  const std::uint64_t key = (static_cast<std::uint64_t>(entry.rank_key) & kKeyMask) | time << kKeyBits;
  const std::uint64_t above = time >> kTimeBitsBeside << (64 - kTimeBitsAbove) >> (64 - kTimeBitsAbove);
  Packed packed;
  std::memcpy(&packed.words[0], &key, sizeof key);
  for (unsigned i = 0; i < 3; ++i) packed.words[4 + i] = static_cast<std::uint16_t>(above >> (16 * i));
  std::memcpy(&packed.words[7], &entry.version, sizeof entry.version);
  return packed;
}

RankedEntry EntryPages::unpack(const Packed& packed, Handle player) {
  std::uint64_t key = 0;
  std::uint64_t above = 0;
  RankedEntry entry{.player = player};
  std::memcpy(&key, &packed.words[0], sizeof key);
  for (unsigned i = 0; i < 3; ++i) above |= std::uint64_t{packed.words[4 + i]} << (16 * i);
  std::memcpy(&entry.version, &packed.words[7], sizeof entry.version);
  entry.rank_key = static_cast<std::int64_t>(key & kKeyMask);
  // Shifted up and down again as a signed number, so that times before 1970 keep their sign.
  const std::uint64_t time = above << kTimeBitsBeside | key >> kKeyBits;
  constexpr unsigned kUnused = 64 - kTimeBitsAbove - kTimeBitsBeside;
  entry.achieved_us = static_cast<std::int64_t>(time << kUnused) >> kUnused;
  return entry;
}

std::optional<RankedEntry> EntryPages::find(Handle player) const {
  if (player / kPageHandles >= pages_.size()) return std::nullopt;
  const Page& page = pages_[player / kPageHandles];
  const std::uint64_t bit = bit_of(player);
  if ((page.present & bit) == 0) return std::nullopt;
  return unpack(page.entries[index_of(page, bit)], player);
}

RankedEntry EntryPages::at(Handle player) const {
  return unpack(packed(player), player);
}

std::int64_t EntryPages::rank_key(Handle player) const {
  std::uint64_t key = 0;
  std::memcpy(&key, &packed(player).words[0], sizeof key);
  return static_cast<std::int64_t>(key & kKeyMask);
}

void EntryPages::resize(Page& page, std::uint32_t from, std::uint32_t to) {
  // NOLINTNEXTLINE(modernize-avoid-c-arrays)
  auto entries = to == 0 ? nullptr : std::make_unique_for_overwrite<Packed[]>(to);
  std::copy_n(page.entries.get(), std::min(from, to), entries.get());
  page.entries = std::move(entries);
  room_ = room_ - from + to;
}

void EntryPages::put(const RankedEntry& entry) {
  if (entry.player / kPageHandles >= pages_.size()) pages_.resize(entry.player / kPageHandles + 1);
  Page& page = pages_[entry.player / kPageHandles];
  const std::uint64_t bit = bit_of(entry.player);
  const std::uint32_t index = index_of(page, bit);
  if ((page.present & bit) == 0) {
    const auto count = static_cast<std::uint32_t>(std::popcount(page.present));
    if (count == room_for(count)) resize(page, room_for(count), room_for(count + 1));
    std::copy_backward(page.entries.get() + index, page.entries.get() + count, page.entries.get() + count + 1);
    page.present |= bit;
    ++size_;
  }
  page.entries[index] = pack(entry);
}

void EntryPages::erase(Handle player) {
  Page& page = pages_[player / kPageHandles];
  const std::uint64_t bit = bit_of(player);
  const std::uint32_t index = index_of(page, bit);
  const auto count = static_cast<std::uint32_t>(std::popcount(page.present));
  std::copy(page.entries.get() + index + 1, page.entries.get() + count, page.entries.get() + index);
  page.present &= ~bit;
  --size_;
  if (room_for(count - 1) != room_for(count)) resize(page, room_for(count), room_for(count - 1));
}

void EntryPages::take_page(std::size_t page, std::vector<Handle>& players) {
  Page& taken = pages_[page];
  const auto first = static_cast<Handle>(page * kPageHandles);
  for (std::uint64_t left = taken.present; left != 0; left &= left - 1) {
    players.push_back(first + static_cast<Handle>(std::countr_zero(left)));
  }
  const auto count = static_cast<std::uint32_t>(std::popcount(taken.present));
  size_ -= count;
  room_ -= room_for(count);
  taken = {};
}

std::size_t EntryPages::memory_bytes() const {
  const std::size_t used_pages = std::min(pages_.size(), size_);
  return pages_.capacity() * sizeof(Page) + room_ * sizeof(Packed) + used_pages * kAllocationBytes;
}

}  // namespace liveops::adapters::memory
