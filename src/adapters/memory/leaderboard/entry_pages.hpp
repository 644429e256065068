#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

#include "adapters/memory/leaderboard/player_names.hpp"

namespace liveops::adapters::memory {

/// What a table knows of one of its players.
struct RankedEntry {
  std::int64_t rank_key = 0;     // 0..2^53-1
  std::int64_t achieved_us = 0;  // of the years 1..9999
  PlayerNames::Handle player = 0;
  std::uint32_t version = 0;
};

/// A table's entries by player, 18 bytes each, found without a search: pages of 64 handles, of which a page holds those
/// that are there one behind the other and a bit for each (the idea of P. Bagwell's hash array mapped trie, 2001).
///
/// Memory: some 20 bytes an entry, and a quarter of a byte for every handle of the pool, also of players who are in
/// other tables only. Complexity: constant. Threads: one writer or many readers.
class EntryPages {
 public:
  using Handle = PlayerNames::Handle;

  [[nodiscard]] std::optional<RankedEntry> find(Handle player) const;
  /// Requires: the player is there.
  [[nodiscard]] RankedEntry at(Handle player) const;
  /// Of `at(player)` only this.
  [[nodiscard]] std::int64_t rank_key(Handle player) const;

  /// Adds the player's entry or replaces it.
  void put(const RankedEntry& entry);
  /// Requires: the player is there.
  void erase(Handle player);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t memory_bytes() const;

  /// Pages so far, for who goes through them one by one.
  [[nodiscard]] std::size_t pages() const { return pages_.size(); }
  /// Frees a page and adds the players that were in it to `players`.
  void take_page(std::size_t page, std::vector<Handle>& players);

 private:
  // A rank key of 53 bits, a time of 59 (microseconds, some 9,000 years either way) and a version of 32 make 144.
  struct Packed {
    std::uint16_t words[9];  // NOLINT(modernize-avoid-c-arrays): left uninitialised on purpose
  };
  static_assert(sizeof(Packed) == 18);
  static constexpr std::uint32_t kPageHandles = 64;
  static constexpr std::uint32_t kGrowth = 8;
  struct Page {
    std::uint64_t present = 0;          // bit: handle modulo 64
    std::unique_ptr<Packed[]> entries;  // NOLINT(modernize-avoid-c-arrays): its length follows from `present`
  };

  static constexpr std::uint64_t bit_of(Handle player) { return std::uint64_t{1} << (player % kPageHandles); }
  static std::uint32_t index_of(const Page& page, std::uint64_t bit) {
    return static_cast<std::uint32_t>(std::popcount(page.present & (bit - 1)));
  }
  static constexpr std::uint32_t room_for(std::uint32_t count) { return (count + kGrowth - 1) / kGrowth * kGrowth; }
  static Packed pack(const RankedEntry& entry);
  static RankedEntry unpack(const Packed& packed, Handle player);
  [[nodiscard]] const Packed& packed(Handle player) const {
    const Page& page = pages_[player / kPageHandles];
    return page.entries[index_of(page, bit_of(player))];
  }
  void resize(Page& page, std::uint32_t from, std::uint32_t to);

  std::vector<Page> pages_;
  std::size_t size_ = 0;
  std::size_t room_ = 0;  // entries that there is room for in all pages
};

}  // namespace liveops::adapters::memory
