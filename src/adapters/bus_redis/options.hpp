#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "ports/event_bus.hpp"

namespace liveops::adapters::bus_redis {

/// A consumer group that some service of the system uses.
struct KnownGroup {
  ports::Topic topic = ports::Topic::events;
  std::string name;
  friend bool operator==(const KnownGroup&, const KnownGroup&) = default;
};

struct Options {
  std::string url;             // as redis::ClientOptions
  std::string prefix = "lo:";  // of every key
  std::size_t shards = 1;      // streams a topic is spread over, by player; may be raised, not lowered

  /// All groups of the system. They are made before anything is trimmed, so that a service that starts later, or whose
  /// group was lost with a FLUSHALL, misses nothing that is kept. Who knows none trims nothing.
  std::vector<KnownGroup> groups{};

  /// Names this process among the members of its groups and must be its own. With a name that stays over restarts the
  /// process goes on with what it held; without one (a name is made up) that waits for its visibility timeout.
  std::string member{};

  std::uint32_t wait_replicas = 0;  // that must have a message before it counts as stored
  std::chrono::milliseconds wait_timeout{100};

  std::uint64_t max_bytes = 1ULL << 30U;  // of the server's memory, for all streams; then publishes get `retry`
  std::uint64_t max_messages = 10'000'000;
  std::size_t max_dead_letters = 100'000;  // of a topic
  std::size_t max_body_bytes = 1024 * 1024;
  std::size_t max_in_flight = 10'000;         // of one member
  std::size_t max_queued_bytes = 32U << 20U;  // of publishes that are not answered yet
  std::chrono::milliseconds visibility{30'000};
  std::chrono::milliseconds takeover_interval{500};  // how often a member looks for what others did not finish
  std::chrono::milliseconds house_interval{1000};    // how often what all groups have passed is trimmed
};

}  // namespace liveops::adapters::bus_redis
