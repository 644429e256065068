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

namespace liveops::adapters::memory {

/// Small numbers for player ids, so that an entry of a table holds four bytes instead of a string. Counted: a name that
/// no table holds any more is forgotten.
///
/// Threads: any.
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
  /// Is `a`'s name before `b`'s, byte by byte?
  [[nodiscard]] bool less(Handle a, Handle b) const;
  [[nodiscard]] std::size_t size() const;

 private:
  struct Player {
    std::string name;
    std::uint32_t uses = 0;
  };
  struct Hash {
    using is_transparent = void;
    const std::deque<Player>* players;
    std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>{}(name); }
    std::size_t operator()(Handle handle) const { return (*this)(std::string_view((*players)[handle].name)); }
  };
  struct Equal {
    using is_transparent = void;
    const std::deque<Player>* players;
    bool operator()(Handle a, Handle b) const { return a == b; }
    bool operator()(std::string_view name, Handle handle) const { return (*players)[handle].name == name; }
    bool operator()(Handle handle, std::string_view name) const { return (*players)[handle].name == name; }
  };

  /// Requires: the lock is held for writing.
  void release_locked(Handle handle);

  mutable std::shared_mutex mutex_;
  std::deque<Player> players_;  // by handle
  std::vector<Handle> free_;
  boost::unordered_flat_set<Handle, Hash, Equal> by_name_;
};

}  // namespace liveops::adapters::memory
