#include "adapters/bus_redis/capacity.hpp"

#include <string>

namespace liveops::adapters::bus_redis {

bool Capacity::take(Use added) {
  const std::lock_guard lock(mutex_);
  if (out_of_memory_ || full()) return false;
  used_.bytes += added.bytes;
  used_.messages += added.messages;
  taken_.bytes += added.bytes;
  taken_.messages += added.messages;
  return true;
}

void Capacity::settle(Use answered) {
  const std::lock_guard lock(mutex_);
  settled_.bytes += answered.bytes;
  settled_.messages += answered.messages;
}

Capacity::Use Capacity::settled() const {
  const std::lock_guard lock(mutex_);
  return settled_;
}

void Capacity::measured(Use used, Use before) {
  const std::lock_guard lock(mutex_);
  used_.bytes = used.bytes + taken_.bytes - before.bytes;
  used_.messages = used.messages + taken_.messages - before.messages;
  out_of_memory_ = false;
}

void Capacity::out_of_memory() {
  const std::lock_guard lock(mutex_);
  out_of_memory_ = true;
}

core::Status Capacity::check() const {
  const std::lock_guard lock(mutex_);
  if (out_of_memory_) {
    return core::fail(core::Errc::rate_limited,
                      "the bus is full: Redis has no memory left; consumers are behind, or raise its maxmemory");
  }
  if (!full()) return {};
  return core::fail(core::Errc::rate_limited, "the bus is full (" + std::to_string(used_.messages) + " messages, " +
                                                  std::to_string(used_.bytes) +
                                                  " bytes): consumers are behind, or raise REDIS_BUS_MAX_BYTES");
}

}  // namespace liveops::adapters::bus_redis
