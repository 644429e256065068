#pragma once

#include <string>
#include <string_view>

#include "core/event_parser.hpp"
#include "core/json_fields.hpp"

/// Reads events one after the other with the same buffers. Internal to the event parsers.
namespace liveops::core {

/// One event at the start of a text, and how far it went.
struct ReadEvent {
  json::Scan scan;  // `complete` also when the event has faults
  std::string idempotency_key;
  std::expected<Event, Faults> event;
};

class EventReader {
 public:
  enum class Form { single, batch_item };  // an item of a batch carries its own idempotency key

  EventReader(Form form, Timestamp received_at, const EventLimits& limits)
      : form_(form), received_at_(received_at), limits_(limits) {}

  /// Reads the value at the start of `text`; what follows it is the caller's.
  [[nodiscard]] ReadEvent read_first(std::string_view text, std::string_view prefix);

  /// Reads a text that must be one event and nothing else.
  [[nodiscard]] ReadEvent read_whole(std::string_view text, std::string_view prefix);

 private:
  Event validate(std::string_view text, std::string& idempotency_key, FaultList& faults);
  Timestamp occurred_at(FaultList& faults);

  Form form_;
  Timestamp received_at_;
  const EventLimits& limits_;
  json::Fields fields_;
};

/// 1-255 printable ASCII characters, whatever form the key came in. Errors: `invalid_argument`.
[[nodiscard]] Status check_idempotency_key(std::string_view key);

}  // namespace liveops::core
