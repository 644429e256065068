#include "adapters/bus_redis/keys.hpp"

namespace liveops::adapters::bus_redis {

std::string Keys::stream(ports::Topic topic, std::size_t shard) const {
  return prefix_ + std::string(to_string(topic)) + ":{" + std::to_string(shard) + "}";
}

std::string Keys::dead(ports::Topic topic) const {
  return prefix_ + "dead:" + std::string(to_string(topic));
}

std::size_t shard_of(std::string_view player, std::size_t shards) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : player) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3U;
  return shards == 0 ? 0 : hash % shards;
}

}  // namespace liveops::adapters::bus_redis
