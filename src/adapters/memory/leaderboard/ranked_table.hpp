#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "adapters/memory/leaderboard/entry_pages.hpp"
#include "adapters/memory/leaderboard/player_names.hpp"

namespace liveops::adapters::memory {

/// The players of one table in rank order, with their number in it: a sorted sequence of handles, cut into blocks of at
/// most 512, with a Fenwick tree over the blocks' sizes (P. Fenwick, 1994). What is known of a player stands in pages
/// by handle.
///
/// Complexity: put, erase, rank and seek O(log n) (a block split, once in some 200 inserts, O(n / 512)). Memory: some
/// 24 bytes an entry; see EntryPages for small tables of many. Threads: one writer or many readers.
class RankedTable {
 public:
  using Handle = PlayerNames::Handle;
  using Entry = RankedEntry;

  /// `names` must outlive the table, which holds one use of each of its players' handles.
  explicit RankedTable(PlayerNames& names);
  ~RankedTable();
  RankedTable(const RankedTable&) = delete;
  RankedTable& operator=(const RankedTable&) = delete;

  /// False: nothing changed, an entry with this version or a higher one is there.
  bool put(const Entry& entry);
  /// False: it was not there.
  bool erase(Handle player);

  /// Gives up some `limit` entries, so that a large table can be taken down piece by piece; false: none are left.
  /// Nothing else may be called afterwards.
  bool take_down(std::size_t limit);

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  /// Players ahead of this one; nullopt: not in the table.
  [[nodiscard]] std::optional<std::uint64_t> rank(Handle player) const;
  [[nodiscard]] std::optional<Entry> find(Handle player) const { return entries_.find(player); }
  /// Players ahead of an entry that `find` gave.
  [[nodiscard]] std::uint64_t rank(const Entry& entry) const;
  /// The entries at `offset`, `offset + 1`, ...; at most `limit`.
  [[nodiscard]] std::vector<Entry> range(std::uint64_t offset, std::size_t limit) const;
  /// Bytes taken, what is allocated and not used included; names are not counted.
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  static constexpr std::uint32_t kBlockHandles = 512;
  static constexpr std::uint32_t kBlockGrowth = 64;
  /// Consecutive players. `room` follows `size` in steps: a table of many half-full blocks takes no room for the rest.
  struct Block {
    std::unique_ptr<Handle[]> handles;  // NOLINT(modernize-avoid-c-arrays): left uninitialised on purpose
    std::uint32_t size = 0;
    std::uint32_t room = 0;
    [[nodiscard]] std::span<const Handle> used() const { return {handles.get(), size}; }
    void insert(std::uint32_t index, Handle player);
    void erase(std::uint32_t index);
    /// Cuts off what lies behind the first `keep`.
    [[nodiscard]] Block split(std::uint32_t keep);
    void resize(std::uint32_t new_room);
  };
  /// Where an entry is or belongs.
  struct Place {
    std::size_t block = 0;
    std::uint32_t index = 0;
  };

  [[nodiscard]] bool ahead(std::int64_t key_a, Handle a, std::int64_t key_b, Handle b) const;
  [[nodiscard]] Place place_of(std::int64_t rank_key, Handle player) const;
  void insert_ordered(std::int64_t rank_key, Handle player);
  void remove_ordered(std::int64_t rank_key, Handle player);
  void split(std::size_t block);

  void rebuild_counts();
  void add_count(std::size_t block, std::int32_t by);
  [[nodiscard]] std::uint64_t count_before(std::size_t block) const;
  [[nodiscard]] Place seek(std::uint64_t offset) const;

  PlayerNames& names_;
  EntryPages entries_;
  std::size_t taken_down_ = 0;            // pages of entries, from the first
  std::vector<Block> blocks_;             // none of them is empty
  std::vector<std::int64_t> first_keys_;  // rank_key of each block's first entry, descending
  std::vector<std::uint32_t> counts_;     // Fenwick tree over the blocks' sizes, from 1
};

}  // namespace liveops::adapters::memory
