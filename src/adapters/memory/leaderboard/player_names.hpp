#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <deque>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/memory/leaderboard/name_pages.hpp"

namespace liveops::adapters::memory {

/// Small numbers for player ids, so that an entry of a table holds four bytes instead of a string. Counted: a name that
/// no table holds any more is forgotten.
///
/// Memory: the name itself and some 18 bytes. Threads: any.
class PlayerNames {
 public:
  using Handle = std::uint32_t;

  PlayerNames();

  /// The handle of `name`, made when new; one more use of it.
  [[nodiscard]] Handle acquire(std::string_view name);
  /// One more use of a handle that is held.
  void retain(Handle handle);
  /// One use less.
  void release(Handle handle);
  void release(std::span<const Handle> handles);

  [[nodiscard]] std::optional<Handle> find(std::string_view name) const;
  [[nodiscard]] std::string name(Handle handle) const;

  /// Gives many names under one lock, which it holds as long as it lives: call nothing else here meanwhile.
  class Reader {
   public:
    explicit Reader(const PlayerNames& names) : lock_(names.mutex_), names_(names.names_) {}
    [[nodiscard]] std::string_view name(Handle handle) const { return names_.name(handle); }

   private:
    std::shared_lock<std::shared_mutex> lock_;
    const NamePages& names_;
  };

  /// Is `a`'s name before `b`'s, byte by byte?
  [[nodiscard]] bool less(Handle a, Handle b) const;
  [[nodiscard]] std::size_t size() const;
  /// Bytes taken, what is allocated and not used included.
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  struct Hash {
    using is_transparent = void;
    const NamePages* names;
    std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>{}(name); }
    std::size_t operator()(Handle handle) const { return (*this)(names->name(handle)); }
  };
  struct Equal {
    using is_transparent = void;
    const NamePages* names;
    bool operator()(Handle a, Handle b) const { return a == b; }
    bool operator()(std::string_view name, Handle handle) const { return names->name(handle) == name; }
    bool operator()(Handle handle, std::string_view name) const { return names->name(handle) == name; }
  };
  using Shard = boost::unordered_flat_set<Handle, Hash, Equal>;
  // Many small sets instead of a large one: growing rewrites one of them, which takes milliseconds at ten million
  // names.
  static constexpr std::size_t kShards = 256;

  [[nodiscard]] Shard& shard_of(std::string_view name) { return by_name_[Hash{&names_}(name) % kShards]; }
  [[nodiscard]] const Shard& shard_of(std::string_view name) const { return by_name_[Hash{&names_}(name) % kShards]; }
  /// Requires: the lock is held for writing.
  void release_locked(Handle handle);

  mutable std::shared_mutex mutex_;
  NamePages names_;
  std::deque<std::uint32_t> uses_;  // by handle
  std::vector<Handle> free_;
  std::vector<Shard> by_name_;
};

}  // namespace liveops::adapters::memory
