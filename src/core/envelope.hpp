#pragma once

#include <string>

#include "core/error.hpp"
#include "core/event.hpp"
#include "core/ids.hpp"

namespace liveops::core {

/// What a bus carries: opaque body plus what a broker needs for routing, ordering keys and duplicate detection.
struct Envelope {
  EventId id;
  std::string type;         // "progression", "boss_kill", "drop_claimed", "verdict"
  std::string key;          // player id: ordering and sharding key
  std::string body;         // JSON text
  std::string traceparent;  // may be empty
  friend bool operator==(const Envelope&, const Envelope&) = default;
};

/// The wire form of an event: a JSON object {v, event_id, key_id, type, player_id, occurred_at, received_at,
/// occurred_at_given?, seq?, payload}; `occurred_at_given` is there, and false, only when the client gave no time.
[[nodiscard]] Envelope encode_event(const Event& event);

/// Errors: `corrupt` when the envelope is not what `encode_event` makes (another version, cut, wrong types).
[[nodiscard]] Result<Event> decode_event(const Envelope& envelope);

}  // namespace liveops::core
