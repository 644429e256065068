#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ports/event_bus.hpp"

namespace liveops::adapters::bus_nats {

/// Names of streams and subjects under one prefix, "liveops" say:
///   stream LIVEOPS_EVENTS takes liveops.events.<type>, LIVEOPS_VERDICTS liveops.verdicts.<type>,
///   stream LIVEOPS_DEAD takes liveops.dead.<topic>.<group>.
class Names {
 public:
  explicit Names(std::string prefix);

  [[nodiscard]] std::string stream(ports::Topic topic) const;
  [[nodiscard]] std::string subjects(ports::Topic topic) const;  // all, with a wildcard
  /// The same messages by a narrower wildcard: what consumers ask for.
  [[nodiscard]] std::string types(ports::Topic topic) const;
  /// A type that a subject cannot hold goes under "other".
  [[nodiscard]] std::string subject(ports::Topic topic, std::string_view type) const;

  [[nodiscard]] std::string dead_stream() const;
  [[nodiscard]] std::string dead_subjects() const;
  [[nodiscard]] std::string dead_subject(ports::Topic topic, std::string_view group) const;
  /// Reads what `dead_subject` makes.
  struct DeadSubject {
    ports::Topic topic = ports::Topic::events;
    std::string group;
  };
  [[nodiscard]] std::optional<DeadSubject> parse_dead_subject(std::string_view subject) const;

 private:
  std::string prefix_;
  std::string capitals_;
};

/// Whether `text` can be a stream's, a group's or a subject's part: 1-64 of [A-Za-z0-9_-].
[[nodiscard]] bool is_plain(std::string_view text);

/// The subject on which a delivered message is acked: it says which message, of which consumer, it is.
///   $JS.ACK.[<domain>.<account>.]<stream>.<consumer>.<deliveries>.<sequence>.<delivery>.<ns since 1970>.<pending>...
/// Source: nats-server ADR-15.
struct AckSubject {
  std::string_view stream;
  std::string_view consumer;
  std::uint32_t deliveries = 0;
  std::uint64_t sequence = 0;     // in the stream
  std::string_view published_at;  // nanoseconds since 1970
};
/// Valid as long as `subject`.
[[nodiscard]] std::optional<AckSubject> parse_ack_subject(std::string_view subject);

}  // namespace liveops::adapters::bus_nats
