#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/bus_servicebus/options.hpp"
#include "ports/event_bus.hpp"

namespace liveops::adapters::bus_servicebus {

/// Names the entities of a namespace.
class Entities {
 public:
  explicit Entities(const Options& options) : options_(options) {}

  /// Where messages of a topic are sent: its Service Bus topic, or the queues of its groups where one has a queue.
  [[nodiscard]] std::vector<std::string> targets(ports::Topic topic) const;
  /// Where a letter of one group is sent again: its queue, or the topic, where the other groups skip it.
  [[nodiscard]] std::vector<std::string> redrive_targets(ports::Topic topic, std::string_view group) const;
  /// Those of every topic.
  [[nodiscard]] std::vector<std::string> all_targets() const;
  /// Where a group's messages lie: its subscription or queue.
  [[nodiscard]] std::string source(ports::Topic topic, std::string_view group) const;

 private:
  [[nodiscard]] const std::string& topic_name(ports::Topic topic) const;
  const Options& options_;
};

/// The dead-letter queue of a subscription or queue.
[[nodiscard]] std::string dead_letters_of(std::string_view source);

/// A letter's id: "events/progression/17", the number being the service's sequence number.
struct LetterId {
  ports::Topic topic = ports::Topic::events;
  std::string group;
  std::int64_t sequence = 0;
  friend bool operator==(const LetterId&, const LetterId&) = default;
};
[[nodiscard]] std::string to_string(const LetterId& id);
[[nodiscard]] std::optional<LetterId> parse_letter_id(std::string_view text);

/// 1-50 of [A-Za-z0-9._-], beginning and ending with a letter or digit: what a subscription may be called.
[[nodiscard]] bool is_subscription_name(std::string_view name);

}  // namespace liveops::adapters::bus_servicebus
