#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/config/settings.hpp"
#include "apps/wiring/bus.hpp"
#include "fairness/async/tier.hpp"
#include "gateway/key_keeper.hpp"

/// What the files that open a bus share.
namespace liveops::apps {

struct GroupName {
  ports::Topic topic = ports::Topic::events;
  std::string name;
};

/// Every group without whose ack an event must stay.
[[nodiscard]] inline std::vector<GroupName> group_names(const adapters::config::Settings& settings) {
  std::vector<GroupName> groups{{.topic = ports::Topic::events, .name = kProgressionGroup},
                                {.topic = ports::Topic::events, .name = kLeaderboardGroup},
                                {.topic = ports::Topic::events, .name = std::string(fairness::async::Tier::kGroup)},
                                {.topic = ports::Topic::verdicts, .name = kLeaderboardGroup},
                                {.topic = ports::Topic::verdicts, .name = kProgressionGroup}};
  // Without Redis the gateway writes its idempotency keys down from the bus.
  if (settings.redis_url.empty()) {
    groups.push_back({.topic = ports::Topic::events, .name = std::string(gateway::KeyKeeper::kGroup)});
  }
  return groups;
}

/// Those, in the form of the options of a bus that needs nothing else of them.
template <class Group>
[[nodiscard]] std::vector<Group> groups_of(const adapters::config::Settings& settings) {
  std::vector<Group> groups;
  for (auto& group : group_names(settings)) groups.push_back({group.topic, std::move(group.name)});
  return groups;
}

/// A bus as the port it is asked for.
template <class Port, class Bus>
core::Result<std::unique_ptr<Port>> as(core::Result<std::unique_ptr<Bus>> bus) {
  if (!bus) return std::unexpected(std::move(bus.error()));
  return std::unique_ptr<Port>(std::move(*bus));
}

}  // namespace liveops::apps
