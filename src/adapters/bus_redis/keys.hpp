#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ports/event_bus.hpp"

namespace liveops::adapters::bus_redis {

/// Names of the keys that the bus uses.
class Keys {
 public:
  explicit Keys(std::string prefix) : prefix_(std::move(prefix)) {}

  /// `lo:events:{0}`: messages of one topic and shard.
  [[nodiscard]] std::string stream(ports::Topic topic, std::size_t shard) const;
  /// `lo:dead:events`: dead letters of all groups of the topic.
  [[nodiscard]] std::string dead(ports::Topic topic) const;
  /// Held by whoever trims now.
  [[nodiscard]] std::string trim_lock() const { return prefix_ + "trim"; }
  /// The highest number of shards that any process was started with.
  [[nodiscard]] std::string shards() const { return prefix_ + "shards"; }

 private:
  std::string prefix_;
};

/// The same for the same player in every process and release (FNV-1a).
[[nodiscard]] std::size_t shard_of(std::string_view player, std::size_t shards);

inline constexpr ports::Topic kTopics[] = {ports::Topic::events, ports::Topic::verdicts};

}  // namespace liveops::adapters::bus_redis
