#include "core/event_reader.hpp"

#include <array>
#include <utility>

#include "core/event_fields.hpp"

namespace liveops::core {
namespace {

enum TopField : std::size_t {
  field_type,
  field_player_id,
  field_occurred_at,
  field_seq,
  field_payload,
  field_idempotency_key,
  field_event_id
};
constexpr std::array<std::string_view, 7> kTopNames{"type",    "player_id",       "occurred_at", "seq",
                                                    "payload", "idempotency_key", "event_id"};

json::FieldNames names_for(EventReader::Form form) {
  const std::span<const std::string_view> top(kTopNames);
  std::size_t names = field_idempotency_key;
  if (form == EventReader::Form::batch_item) names = field_event_id;
  if (form == EventReader::Form::recorded) names = top.size();
  return {.top = top.first(names), .nested = payload_field_names(), .nested_in = field_payload};
}

Faults one_fault(std::string_view pointer, std::string detail) {
  return {http::Fault{.pointer = std::string(pointer), .detail = std::move(detail)}};
}

Faults syntax_fault(std::string_view pointer, const json::Scan& scan) {
  return one_fault(pointer, "is not valid JSON: byte " + std::to_string(scan.consumed) + ": " + scan.why);
}

}  // namespace

json::Scan EventReader::read_first(std::string_view text, std::string_view prefix, BatchItem& item) {
  FaultList faults(prefix);
  auto scan = json::scan(text, names_for(form_), limits_.max_depth, fields_, faults);
  if (scan.end == json::Scan::End::broken) {
    item.event = std::unexpected(syntax_fault(prefix, scan));
  } else if (scan.end == json::Scan::End::too_deep) {
    item.event =
        std::unexpected(one_fault(prefix, "is nested deeper than " + std::to_string(limits_.max_depth) + " levels"));
  } else if (!fields_.is_object) {
    item.event = std::unexpected(one_fault(prefix, "must be a JSON object"));
  } else {
    validate(item, faults);
    if (!faults.empty()) item.event = std::unexpected(faults.take());
  }
  return scan;
}

void EventReader::read_whole(std::string_view text, std::string_view prefix, BatchItem& item) {
  if (text.size() > limits_.max_event_bytes) {
    item.event =
        std::unexpected(one_fault(prefix, "is larger than " + std::to_string(limits_.max_event_bytes) + " bytes"));
    return;
  }
  if (json::skip_space(text, 0) == text.size()) {
    item.event = std::unexpected(one_fault(prefix, "is empty: send a JSON object"));
    return;
  }
  auto scan = read_first(text, prefix, item);
  if (scan.end == json::Scan::End::complete && scan.consumed != text.size()) {
    scan.why = "text after the end of the value";
    item.event = std::unexpected(syntax_fault(prefix, scan));
    item.idempotency_key.clear();
  }
}

void EventReader::validate(BatchItem& item, FaultList& faults) {
  FieldReader reader(faults);
  Event& event = *item.event;
  event.received_at = received_at_;
  const auto& top = fields_.top;
  const auto type = event_type(faults);
  if (reader.require(top[field_player_id], "/player_id")) {
    event.player_id = PlayerId::trusted(reader.name(top[field_player_id], "/player_id").value_or(std::string()));
  }
  event.occurred_at = occurred_at(faults);
  event.occurred_at_given = top[field_occurred_at].kind != json::Kind::absent;
  event.seq = reader.integer(top[field_seq], "/seq");
  if (reader.require(top[field_payload], "/payload")) {
    if (top[field_payload].kind != json::Kind::object) {
      reader.fault("/payload", "must be an object, not " + std::string(json::describe(top[field_payload].kind)));
    } else if (type) {
      event.payload = read_payload(*type, fields_, faults);
      event.level = read_level(fields_);
    }
  }
  if (form_ == Form::batch_item) validate_key(item.idempotency_key, faults);
  if (form_ == Form::recorded) read_identity(item, faults);
  if (faults.empty()) event.payload_json = fields_.nested_source;
}

std::optional<EventType> EventReader::event_type(FaultList& faults) {
  FieldReader reader(faults);
  if (!reader.require(fields_.top[field_type], "/type")) return std::nullopt;
  const auto name = reader.string(fields_.top[field_type], "/type");
  if (!name) return std::nullopt;
  const auto type = parse_event_type(*name);
  if (!type) reader.fault("/type", "must be one of progression, boss_kill, drop_claimed");
  return type;
}

void EventReader::validate_key(std::string& idempotency_key, FaultList& faults) {
  FieldReader reader(faults);
  const json::Field& field = fields_.top[field_idempotency_key];
  if (!reader.require(field, "/idempotency_key")) return;
  const auto key = reader.string(field, "/idempotency_key");
  if (!key) return;
  if (const auto status = check_idempotency_key(*key); !status) {
    reader.fault("/idempotency_key", status.error().message);
  } else {
    idempotency_key = *key;
  }
}

void EventReader::read_identity(BatchItem& item, FaultList& faults) {
  FieldReader reader(faults);
  if (fields_.top[field_idempotency_key].kind != json::Kind::absent) validate_key(item.idempotency_key, faults);
  if (fields_.top[field_event_id].kind == json::Kind::absent) return;
  const auto text = reader.string(fields_.top[field_event_id], "/event_id");
  if (!text) return;
  if (const auto status = check_idempotency_key(*text); !status) {
    reader.fault("/event_id", status.error().message);
  } else {
    item.event_id = *text;
  }
}

Timestamp EventReader::occurred_at(FaultList& faults) {
  FieldReader reader(faults);
  constexpr std::string_view kPointer = "/occurred_at";
  const auto text = reader.string(fields_.top[field_occurred_at], kPointer);
  if (!text) return received_at_;
  const auto time = parse_rfc3339(*text);
  if (!time) {
    reader.fault(kPointer, "must be an RFC 3339 date-time such as 2026-11-22T18:21:24.123Z");
    return received_at_;
  }
  if (*time > received_at_ + limits_.max_ahead) {
    reader.fault(kPointer, "is more than " + std::to_string(limits_.max_ahead.count()) +
                               " s ahead of the server's clock, " + format_rfc3339(received_at_));
  } else if (*time < received_at_ - limits_.max_age) {
    reader.fault(kPointer, "is more than " + std::to_string(limits_.max_age.count()) +
                               " s before the server's clock, " + format_rfc3339(received_at_));
  }
  return *time;
}

}  // namespace liveops::core
