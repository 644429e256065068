#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/event.hpp"
#include "core/json_faults.hpp"
#include "core/json_fields.hpp"

/// Turns scanned fields into the typed parts of an event, naming each fault. Internal to the core's codecs: what
/// clients send and what the bus carries are held to the same rules.
namespace liveops::core {

/// The payload fields of all event types, as `FieldNames::nested`.
[[nodiscard]] std::span<const std::string_view> payload_field_names();

/// Reads single fields; each fault goes to the list.
class FieldReader {
 public:
  explicit FieldReader(FaultList& faults) : faults_(faults) {}

  /// nullopt when absent, and when faulty.
  [[nodiscard]] std::optional<std::int64_t> integer(const json::Field& field, std::string_view pointer,
                                                    std::int64_t min = 0, std::int64_t max = kMaxExactInteger);
  [[nodiscard]] std::optional<std::string_view> string(const json::Field& field, std::string_view pointer);
  /// A string of the name alphabet.
  [[nodiscard]] std::optional<std::string> name(const json::Field& field, std::string_view pointer);

  /// Adds "is required" when the field is absent; true when it is there.
  bool require(const json::Field& field, std::string_view pointer);

  void fault(std::string_view pointer, std::string detail) { faults_.add(pointer, std::move(detail)); }

 private:
  FaultList& faults_;
};

/// The player's level, 0 where the payload has no integer 1..1,000,000 under that name: it is no fault then.
[[nodiscard]] std::int32_t read_level(const json::Fields& fields);

/// The payload of an event of this type from `fields.nested`. Meaningful only when no fault was added.
[[nodiscard]] Payload read_payload(EventType type, const json::Fields& fields, FaultList& faults);

}  // namespace liveops::core
