#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/bus_nats/client.hpp"
#include "adapters/bus_nats/js_api.hpp"
#include "adapters/bus_nats/names.hpp"
#include "ports/log.hpp"

namespace liveops::adapters::bus_nats {

/// What must be on the server: a stream per topic, one for the dead letters, a durable pull consumer per group. Makes
/// it, brings its settings up to the options, and removes what all groups have acked.
///
/// Threads: any.
class Streams {
 public:
  Streams(Client& client, const Options& options, const Names& names, ports::Log& log);

  /// Makes what is missing, changes what differs. Errors: `invalid_argument` (the server refuses these settings; the
  /// message says which stream), `unavailable`.
  [[nodiscard]] ports::Task<void> ensure();
  /// The same for one group, which is remembered for the next `ensure`. Errors: as `ensure`.
  [[nodiscard]] ports::Task<void> add_group(GroupOfTopic group);

  /// Removes what every group of the topic has acked. Does so only for topics that a group was added to: who only
  /// publishes leaves it to the others. Errors: `unavailable`; a group that is not there is one: nothing is removed.
  [[nodiscard]] ports::Task<void> trim();

  /// Errors: `unavailable`: the stream of events has no room for the largest event, or the server does not answer.
  [[nodiscard]] ports::Task<void> check();

 private:
  [[nodiscard]] ports::Task<void> ensure_stream(std::string name, std::string subjects, std::uint64_t max_bytes);
  [[nodiscard]] ports::Task<void> ensure_consumer(GroupOfTopic group);
  [[nodiscard]] ports::Task<void> trim(ports::Topic topic);
  /// Every durable consumer of the stream.
  [[nodiscard]] ports::Task<std::vector<ConsumerState>> consumers(std::string stream);

  Client& client_;
  const Options& options_;
  const Names& names_;
  ports::Log& log_;
  std::mutex mutex_;
  std::vector<GroupOfTopic> groups_;           // of the options and added ones
  std::array<bool, 2> consumed_{};             // topics that a group was added to
  std::array<std::uint64_t, 2> trimmed_to_{};  // used by one `trim` at a time
};

}  // namespace liveops::adapters::bus_nats
