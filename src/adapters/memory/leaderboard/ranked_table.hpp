#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "adapters/memory/leaderboard/player_names.hpp"

namespace liveops::adapters::memory {

/// The players of one table in rank order, with their number in it: a sorted sequence cut into blocks of at most 512,
/// with a Fenwick tree over the blocks' sizes (P. Fenwick, 1994).
///
/// Complexity: put, erase, rank and seek O(log n) (a block split, once in some 200 inserts, O(n / 512)); about 36 bytes
/// an entry. Threads: one writer or many readers.
class RankedTable {
 public:
  using Handle = PlayerNames::Handle;

  struct Entry {
    std::int64_t rank_key = 0;
    std::int64_t achieved_us = 0;
    Handle player = 0;
    std::uint32_t version = 0;
  };

  /// `names` must outlive the table, which holds one use of each of its players' handles.
  explicit RankedTable(PlayerNames& names);
  ~RankedTable();
  RankedTable(const RankedTable&) = delete;
  RankedTable& operator=(const RankedTable&) = delete;

  /// False: nothing changed, an entry with this version or a higher one is there.
  bool put(const Entry& entry);
  /// False: it was not there.
  bool erase(Handle player);

  /// Gives up the handles of up to `limit` entries, so that a large table can be taken down piece by piece; false: none
  /// are left. Nothing else may be called afterwards.
  bool take_down(std::size_t limit);

  [[nodiscard]] std::size_t size() const { return by_player_.size(); }
  /// Players ahead of this one; nullopt: not in the table.
  [[nodiscard]] std::optional<std::uint64_t> rank(Handle player) const;
  [[nodiscard]] const Entry* find(Handle player) const;
  /// The entries at `offset`, `offset + 1`, ...; at most `limit`.
  [[nodiscard]] std::vector<Entry> range(std::uint64_t offset, std::size_t limit) const;

 private:
  static constexpr Handle kNobody = std::numeric_limits<Handle>::max();  // in free slots
  using Slot = std::uint32_t;                                            // index into entries_
  static constexpr std::uint32_t kBlockSlots = 512;
  struct Block {
    std::uint32_t size = 0;
    Slot slots[kBlockSlots];  // NOLINT(modernize-avoid-c-arrays): left uninitialised on purpose
    [[nodiscard]] std::span<const Slot> used() const { return {slots, size}; }
  };
  /// Where an entry is or belongs.
  struct Place {
    std::size_t block = 0;
    std::uint32_t index = 0;
  };

  [[nodiscard]] bool ahead(const Entry& a, const Entry& b) const;
  [[nodiscard]] Place place_of(const Entry& entry) const;
  void insert_slot(Slot slot);
  void remove_slot(Slot slot);
  void split(std::size_t block);
  [[nodiscard]] Slot take_slot(const Entry& entry);

  void rebuild_counts();
  void add_count(std::size_t block, std::int32_t by);
  [[nodiscard]] std::uint64_t count_before(std::size_t block) const;
  [[nodiscard]] Place seek(std::uint64_t offset) const;

  // Slots are found by their player's handle, which stands in the entry.
  struct ByPlayer {
    Handle player;
  };
  struct PlayerHash {
    using is_transparent = void;
    const std::deque<Entry>* entries;
    std::size_t operator()(Slot slot) const { return (*entries)[slot].player; }
    std::size_t operator()(ByPlayer key) const { return key.player; }
  };
  struct PlayerEqual {
    using is_transparent = void;
    const std::deque<Entry>* entries;
    bool operator()(Slot a, Slot b) const { return a == b; }
    bool operator()(ByPlayer key, Slot slot) const { return (*entries)[slot].player == key.player; }
    bool operator()(Slot slot, ByPlayer key) const { return (*entries)[slot].player == key.player; }
  };

  PlayerNames& names_;
  std::deque<Entry> entries_;   // by slot
  std::size_t taken_down_ = 0;  // slots, from the first
  std::vector<Slot> free_;
  boost::unordered_flat_set<Slot, PlayerHash, PlayerEqual> by_player_;
  std::vector<std::unique_ptr<Block>> blocks_;  // none of them is empty
  std::vector<std::int64_t> first_keys_;        // rank_key of each block's first entry, descending
  std::vector<std::uint32_t> counts_;           // Fenwick tree over the blocks' sizes, from 1
};

}  // namespace liveops::adapters::memory
