#pragma once

#include <string>

#include "core/event.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "simulation/event.hpp"
#include "simulation/parameters.hpp"

namespace liveops::simulation {

/// Simulated events as the gateway takes them.
///
/// Threads: any (const).
class EventText {
 public:
  /// `run_id` is part of every player id and key, so that runs do not meet. Requires: a valid name, short enough for
  /// a number behind it.
  EventText(const Parameters& parameters, std::string run_id, core::Timestamp start);

  [[nodiscard]] std::string player_id(std::uint32_t player) const;
  [[nodiscard]] std::string idempotency_key(const SimulatedEvent& event) const;
  [[nodiscard]] core::Timestamp time_of(Seconds at) const;

  /// Appends one JSON object: the event at `occurred_at`, without its idempotency key.
  void append_json(std::string& text, const SimulatedEvent& event, core::Timestamp occurred_at) const;
  /// Appends one item of a batch and a line break.
  void append_line(std::string& text, const SimulatedEvent& event) const;
  /// The event as the gateway passes it on, received when it occurred; but without the text of its payload, and with an
  /// id that takes no hashing.
  [[nodiscard]] core::Event to_event(const SimulatedEvent& event) const;

 private:
  void append_fields(std::string& text, const SimulatedEvent& event, core::Timestamp occurred_at) const;
  [[nodiscard]] core::EventId id_of(const SimulatedEvent& event) const;
  [[nodiscard]] std::string payload(const SimulatedEvent& event) const;

  const Parameters* parameters_;
  std::string run_id_;
  core::Timestamp start_;
};

}  // namespace liveops::simulation
