#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/event_parser.hpp"
#include "core/json_fields.hpp"

/// Reads events one after the other with the same buffers. Internal to the event parsers.
namespace liveops::core {

class EventReader {
 public:
  /// An item of a batch carries its own idempotency key; a recorded event may carry that, or an `event_id`, or neither.
  enum class Form { single, batch_item, recorded };

  EventReader(Form form, Timestamp received_at, const EventLimits& limits)
      : form_(form), received_at_(received_at), limits_(limits) {}

  /// Reads the value at the start of `text` into `item`, which must be new; what follows it is the caller's. `complete`
  /// also when the event has faults.
  [[nodiscard]] json::Scan read_first(std::string_view text, std::string_view prefix, BatchItem& item);

  /// Reads a text that must be one event and nothing else.
  void read_whole(std::string_view text, std::string_view prefix, BatchItem& item);

 private:
  void validate(BatchItem& item, FaultList& faults);
  std::optional<EventType> event_type(FaultList& faults);
  void validate_key(std::string& idempotency_key, FaultList& faults);
  void read_identity(BatchItem& item, FaultList& faults);
  Timestamp occurred_at(FaultList& faults);

  Form form_;
  Timestamp received_at_;
  const EventLimits& limits_;
  json::Fields fields_;
};

/// 1-255 printable ASCII characters, whatever form the key came in. Errors: `invalid_argument`.
[[nodiscard]] Status check_idempotency_key(std::string_view key);

}  // namespace liveops::core
