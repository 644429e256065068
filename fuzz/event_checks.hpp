#pragma once

#include <expected>

#include "core/envelope.hpp"
#include "core/event_parser.hpp"
#include "fuzz/require.hpp"

namespace liveops::fuzz {

/// The time of receipt in all targets: 2026-11-22T18:21:30Z, as the seeds assume.
inline constexpr core::Timestamp kNow{std::chrono::seconds(1'795'371'690)};

/// What holds for every answer to an event, accepted or not.
inline void check_event(const std::expected<core::Event, core::Faults>& answer) {
  if (!answer) {
    require(!answer.error().empty(), "a refusal names a fault");
    require(answer.error().size() <= 65, "an answer is bounded");
    for (const auto& fault : answer.error()) {
      require(fault.pointer.starts_with('#') && fault.pointer.size() <= 600, "a pointer is short and in fragment form");
      require(!fault.detail.empty(), "a fault says what is wrong");
    }
    return;
  }
  core::Event event = *answer;
  event.key_id = core::KeyId::trusted("k");
  event.id = core::EventId::derive(event.key_id, "i");
  require(core::is_valid_name(event.player_id.str()), "an accepted player id is a name");
  require(event.payload_json.starts_with('{') && event.payload_json.ends_with('}'), "a payload is an object");
  const auto decoded = core::decode_event(core::encode_event(event));
  require(decoded.has_value(), "an accepted event passes the bus");
  require(decoded->payload == event.payload && decoded->payload_json == event.payload_json, "the payload stays itself");
  require(decoded->player_id == event.player_id && decoded->seq == event.seq &&
              decoded->occurred_at == event.occurred_at && decoded->received_at == event.received_at,
          "an event stays itself");
}

}  // namespace liveops::fuzz
