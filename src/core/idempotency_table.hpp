#pragma once

#include <array>
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
  };

  [[nodiscard]] Shard& shard_of(const EventId& id) { return shards_[id.bytes()[15] % 64U]; }
  [[nodiscard]] static std::uint64_t hash_of(const EventId::Bytes& id);
  [[nodiscard]] static std::size_t home(std::uint64_t hash, std::size_t capacity);
  [[nodiscard]] static std::size_t position(const Shard& shard, std::uint64_t hash);
  [[nodiscard]] static Slot* find(Shard& shard, const EventId& id);
  [[nodiscard]] bool insert(Shard& shard, const Slot& slot, std::uint32_t now) const;
  static void erase(Shard& shard, Slot* slot);
  [[nodiscard]] bool make_room(Shard& shard, std::uint32_t now) const;
  [[nodiscard]] bool expired(const Slot& slot, std::uint32_t now) const;
  static void drop_oldest(std::vector<Slot>& slots, std::size_t count);
  static void rebuild(Shard& shard, const std::vector<Slot>& kept, std::size_t capacity);

  Options options_;
  std::size_t shard_limit_;
  std::array<Shard, 64> shards_;
};

}  // namespace liveops::core
