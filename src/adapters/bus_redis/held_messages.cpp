#include "adapters/bus_redis/held_messages.hpp"

namespace liveops::adapters::bus_redis {

bool HeldMessages::holds(const Handout& handout, core::Timestamp now) const {
  const auto found = held_.find(key_of(handout));
  return found != held_.end() && found->second.attempt == handout.attempt && now < found->second.until;
}

std::vector<Handout> HeldMessages::current(std::span<const std::string> tags, core::Timestamp now) const {
  std::vector<Handout> handouts;
  handouts.reserve(tags.size());
  for (const auto& tag : tags) {
    if (const auto handout = parse_tag(tag); handout && holds(*handout, now)) handouts.push_back(*handout);
  }
  return handouts;
}

void HeldMessages::expire(core::Timestamp now) {
  std::erase_if(held_, [now](const auto& entry) { return entry.second.until <= now; });
}

}  // namespace liveops::adapters::bus_redis
