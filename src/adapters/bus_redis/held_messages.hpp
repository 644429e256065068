#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "adapters/bus_redis/stream_id.hpp"
#include "core/time.hpp"

namespace liveops::adapters::bus_redis {

/// What one member was handed and has not finished, with when its visibility ends.
///
/// The server decides who holds a message. This remembers enough to leave alone what others may hold by now: an entry
/// counts from before the server was asked for it, so it ends here no later than there.
/// Deterministic; time is an argument. Threads: one at a time.
class HeldMessages {
 public:
  void add(const Handout& handout, core::Timestamp until) { held_[key_of(handout)] = {handout.attempt, until}; }
  /// Still held as this attempt, at `now`.
  [[nodiscard]] bool holds(const Handout& handout, core::Timestamp now) const;
  /// Those of `tags` that are still held; other tags, and what is no tag, are left out.
  [[nodiscard]] std::vector<Handout> current(std::span<const std::string> tags, core::Timestamp now) const;
  void remove(const Handout& handout) { held_.erase(key_of(handout)); }
  /// Forgets what ran out.
  void expire(core::Timestamp now);
  void clear() { held_.clear(); }
  [[nodiscard]] std::size_t size() const { return held_.size(); }

 private:
  using Key = std::pair<std::uint32_t, StreamId>;
  struct Hold {
    std::uint32_t attempt = 0;
    core::Timestamp until;
  };
  [[nodiscard]] static Key key_of(const Handout& handout) { return {handout.shard, handout.id}; }

  std::map<Key, Hold> held_;
};

}  // namespace liveops::adapters::bus_redis
