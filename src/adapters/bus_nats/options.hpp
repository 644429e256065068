#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "ports/event_bus.hpp"

namespace liveops::adapters::bus_nats {

/// A consumer group of a topic.
struct GroupOfTopic {
  ports::Topic topic = ports::Topic::events;
  std::string group;
  friend bool operator==(const GroupOfTopic&, const GroupOfTopic&) = default;
};

struct Options {
  // NATS_URL: one or several, parted by commas. user:password@ or token@ before the host; tls:// encrypts.
  std::string url = "nats://127.0.0.1:4222";
  std::string credentials_file;           // NATS_CREDS: a .creds file with JWT and seed
  std::string ca_file;                    // NATS_CA: PEM, whom to trust behind tls://; empty: the system's
  std::string client_name;                // as the server's monitoring shows it
  std::string prefix = "liveops";         // NATS_PREFIX of all subjects; of the streams in capitals. [A-Za-z0-9_-]+
  int replicas = 1;                       // NATS_REPLICAS of each stream, 3 or 5 in a cluster
  std::uint64_t max_bytes = 4ULL << 30U;  // NATS_MAX_BYTES of each topic's stream; then publishes get `retry`
  std::uint64_t max_dead_bytes = 1ULL << 30U;       // of the dead letters
  std::chrono::seconds max_age{0};                  // NATS_MAX_AGE; what is older goes, acked or not. 0: nothing goes
  std::chrono::seconds duplicate_window{120};       // how long the server knows an event id again
  std::chrono::milliseconds visibility{30'000};     // the server's ack wait
  std::size_t max_in_flight = 10'000;               // of one group
  std::size_t max_body_bytes = 1024 * 1024;         // less where the server's max_payload is smaller
  std::size_t max_unanswered = 10'000;              // publishes under way; beyond: `retry`
  std::size_t max_queued_bytes = 64U << 20U;        // written by us, not yet taken by the socket
  std::chrono::milliseconds publish_timeout{5000};  // then `retry`
  std::chrono::milliseconds request_timeout{2000};  // of everything else that is asked of the server
  std::chrono::milliseconds housekeeping{1000};     // how often acked messages are removed
  // Groups that must exist before anything is published, and without whose ack nothing is removed.
  std::vector<GroupOfTopic> groups;
};

}  // namespace liveops::adapters::bus_nats
