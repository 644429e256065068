#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "ports/event_bus.hpp"

namespace liveops::adapters::bus_servicebus {

/// A consumer group of a topic, and where its messages lie.
struct GroupEntity {
  ports::Topic topic = ports::Topic::events;
  std::string group;
  std::string queue;  // empty: the topic's subscription of the group's name
  friend bool operator==(const GroupEntity&, const GroupEntity&) = default;
};

enum class Login : std::uint8_t {
  cbs,   // a SAS token for each entity, renewed
  plain  // key name and key, once a connection
};

struct Options {
  // SERVICEBUS_CONNECTION_STRING: as Azure shows it
  std::string connection_string;
  std::string events_topic = "liveops-events";      // SERVICEBUS_TOPIC_EVENTS
  std::string verdicts_topic = "liveops-verdicts";  // SERVICEBUS_TOPIC_VERDICTS
  // The groups there are: their dead letters are listed, and where one has a queue, what is published on its topic goes
  // to the queues of all the topic's groups and to no Service Bus topic.
  std::vector<GroupEntity> groups;
  Login login = Login::cbs;  // SERVICEBUS_LOGIN
  std::string ca_file;       // SERVICEBUS_CA: PEM, whom to trust; empty: the system's
  std::string container_id;  // as the service's diagnostics show it
  std::chrono::seconds token_life{3600};
  std::chrono::milliseconds visibility{30'000};     // locks are renewed until then
  std::size_t max_in_flight = 2000;                 // of one consumer: taken and not done with
  std::size_t max_body_bytes = 240 * 1024;          // SERVICEBUS_MAX_BODY_BYTES: 256 KiB a message, Standard tier
  std::size_t max_unanswered = 10'000;              // publishes under way; beyond: `retry`
  std::chrono::milliseconds publish_timeout{5000};  // then `retry`
  std::chrono::milliseconds request_timeout{5000};  // of everything else that is asked of the service
  std::chrono::milliseconds idle_timeout{30'000};   // a peer that says nothing for so long is gone
  std::chrono::milliseconds busy_pause{10'000};     // no publish is tried for so long after the service was too busy
  std::size_t max_counted = 5000;                   // a backlog is counted by looking at it: no further than this
};

}  // namespace liveops::adapters::bus_servicebus
