#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"

namespace liveops::core {

/// What is known of a key.
enum class KeyState : std::uint8_t {
  fresh,     // now reserved for the caller
  running,   // reserved by another caller, same fingerprint
  done,      // completed, same fingerprint
  mismatch,  // running or completed with another fingerprint
  no_room    // every slot is a live reservation: nothing could be reserved
};

/// The keys of the requests of the last day, in 28 bytes each.
///
/// Open addressing with the slots in order of their hash (ordered linear probing, Amble and Knuth 1974), so that a key
/// that is not there is known after a few slots also at a load of 5/6, and growing is one pass. A shard grows by a
/// seventh, up to its part of `max_keys`; with that it takes at most 40 bytes a key from some hundred thousand keys on.
/// At its bound a shard is filled to 10/13 only: what an insertion has to move grows with the square of the load.
///
/// At the bound a sixteenth leaves, the longest completed first. Whoever sends such a key again is taken for new here;
/// downstream it is recognised by its event id, which is the same.
/// Threads: any. Complexity: constant on average; every so often one of the 64 shards is rewritten under its lock.
class IdempotencyTable {
 public:
  using Fingerprint = std::array<std::uint8_t, 8>;

  struct Options {
    std::size_t max_keys = 4'000'000;
    std::chrono::seconds retention{24 * 3600};
    std::chrono::seconds reservation{60};  // a holder that vanished loses its key after this
  };

  explicit IdempotencyTable(Options options);

  /// Reserves the key when it is free. Times before 2020 count as 2020.
  [[nodiscard]] KeyState begin(const EventId& id, const Fingerprint& fingerprint, Timestamp now);

  /// The key is done as of `at`, whether it was reserved or not. When there is no room it is forgotten.
  void complete(const EventId& id, const Fingerprint& fingerprint, Timestamp at);

  /// Frees a reserved key; a completed one stays.
  void abandon(const EventId& id);

  /// How many keys ahead of the one at hand `prefetch` serves best in a loop over many.
  static constexpr std::size_t kPrefetchAhead = 8;

  /// Starts to bring the memory that a later call for `id` will touch near, and does not wait for it: in a table that
  /// is larger than the caches, most of what a call costs is that wait.
  void prefetch(const EventId& id) const;

  /// Whether the key is completed, expired or not.
  [[nodiscard]] bool is_done(const EventId& id) const;

  /// Keys held, expired ones that nobody asked for since included.
  [[nodiscard]] std::size_t size() const;
  /// Bytes of all slots.
  [[nodiscard]] std::size_t memory_bytes() const;
  [[nodiscard]] const Options& options() const { return options_; }

 private:
  struct Slot {
    EventId::Bytes id{};
    Fingerprint fingerprint{};
    std::uint32_t stamp = 0;  // 0: empty; else running bit and seconds since 2020, plus one
  };
  static_assert(sizeof(Slot) == 28);

  struct Shard {
    mutable std::mutex mutex;
    std::vector<Slot> slots;  // `capacity` homes, and behind them room for the last ones to be pushed along
    std::size_t capacity = 0;
    std::size_t used = 0;
    // What `prefetch` reads, without the lock: an old or mixed pair is a useless hint, and harmless.
    std::atomic<const Slot*> hinted_slots = nullptr;
    std::atomic<std::size_t> hinted_capacity = 0;
  };
  /// Which completed keys have to go: all of before `second`, and so many of those of that second.
  class Leaving;
  struct Place {
    std::size_t at;  // where the key stands or belongs
    bool found;
  };

  [[nodiscard]] static std::size_t shard_index(const EventId& id) { return id.bytes()[15] % 64U; }
  [[nodiscard]] Shard& shard_of(const EventId& id) { return shards_[shard_index(id)]; }
  [[nodiscard]] const Shard& shard_of(const EventId& id) const { return shards_[shard_index(id)]; }
  [[nodiscard]] static std::uint64_t hash_of(const EventId::Bytes& id);
  [[nodiscard]] static std::size_t home(std::uint64_t hash, std::size_t capacity);
  [[nodiscard]] static std::size_t position(const Shard& shard, std::uint64_t hash);
  [[nodiscard]] static Place locate(const Shard& shard, const EventId& id);
  [[nodiscard]] bool insert(Shard& shard, std::size_t at, const Slot& slot, std::uint32_t now) const;
  static void erase(Shard& shard, std::size_t at);
  [[nodiscard]] bool make_room(Shard& shard, std::uint32_t now) const;
  [[nodiscard]] bool expired(const Slot& slot, std::uint32_t now) const;
  void rewrite(Shard& shard, std::size_t capacity, Leaving& leaving, std::uint32_t now) const;
  static void lengthen(std::vector<Slot>& slots);
  static void hint(Shard& shard);

  Options options_;
  std::size_t shard_limit_;
  std::array<Shard, 64> shards_;
};

}  // namespace liveops::core
