#include "core/event_reader.hpp"

#include <array>
#include <utility>

#include "core/event_fields.hpp"

namespace liveops::core {
namespace {

enum TopField : std::size_t { kType, kPlayerId, kOccurredAt, kSeq, kPayload, kIdempotencyKey };
constexpr std::array<std::string_view, 6> kTopNames{"type", "player_id", "occurred_at",
                                                    "seq",  "payload",   "idempotency_key"};

json::FieldNames names_for(EventReader::Form form) {
  const std::span<const std::string_view> top(kTopNames);
  return {.top = form == EventReader::Form::batch_item ? top : top.first(kIdempotencyKey),
          .nested = payload_field_names(),
          .nested_in = kPayload};
}

Faults one_fault(std::string_view pointer, std::string detail) {
  return {http::Fault{.pointer = std::string(pointer), .detail = std::move(detail)}};
}

Faults syntax_fault(std::string_view pointer, const json::Scan& scan) {
  return one_fault(pointer, "is not valid JSON: byte " + std::to_string(scan.consumed) + ": " + scan.why);
}

}  // namespace

ReadEvent EventReader::read_first(std::string_view text, std::string_view prefix) {
  FaultList faults(prefix);
  ReadEvent result{.scan = json::scan(text, names_for(form_), limits_.max_depth, fields_, faults)};
  const std::size_t size = result.scan.consumed;
  if (result.scan.end == json::Scan::End::broken) {
    result.event = std::unexpected(syntax_fault(prefix, result.scan));
  } else if (result.scan.end == json::Scan::End::too_deep) {
    result.event =
        std::unexpected(one_fault(prefix, "is nested deeper than " + std::to_string(limits_.max_depth) + " levels"));
  } else if (!fields_.is_object) {
    result.event = std::unexpected(one_fault(prefix, "must be a JSON object"));
  } else {
    Event event = validate(text.substr(0, size), result.idempotency_key, faults);
    if (faults.empty()) {
      result.event = std::move(event);
    } else {
      result.event = std::unexpected(faults.take());
    }
  }
  return result;
}

ReadEvent EventReader::read_whole(std::string_view text, std::string_view prefix) {
  if (text.size() > limits_.max_event_bytes) {
    return {.event = std::unexpected(
                one_fault(prefix, "is larger than " + std::to_string(limits_.max_event_bytes) + " bytes"))};
  }
  if (json::skip_space(text, 0) == text.size()) {
    return {.event = std::unexpected(one_fault(prefix, "is empty: send a JSON object"))};
  }
  ReadEvent result = read_first(text, prefix);
  if (result.scan.end == json::Scan::End::complete && result.scan.consumed != text.size()) {
    result.scan.end = json::Scan::End::broken;
    result.scan.why = "text after the end of the value";
    result.event = std::unexpected(syntax_fault(prefix, result.scan));
    result.idempotency_key.clear();
  }
  return result;
}

Event EventReader::validate(std::string_view text, std::string& idempotency_key, FaultList& faults) {
  FieldReader reader(fields_, faults);
  Event event;
  event.received_at = received_at_;
  const auto& top = fields_.top;

  std::optional<EventType> type;
  if (reader.require(top[kType], "/type")) {
    if (const auto name = reader.string(top[kType], "/type")) {
      type = parse_event_type(*name);
      if (!type) reader.fault("/type", "must be one of progression, boss_kill, drop_claimed");
    }
  }
  if (reader.require(top[kPlayerId], "/player_id")) {
    event.player_id = PlayerId::trusted(reader.name(top[kPlayerId], "/player_id").value_or(std::string()));
  }
  event.occurred_at = occurred_at(faults);
  event.occurred_at_given = top[kOccurredAt].kind != json::Kind::absent;
  event.seq = reader.integer(top[kSeq], "/seq");
  if (reader.require(top[kPayload], "/payload")) {
    if (top[kPayload].kind != json::Kind::object) {
      reader.fault("/payload", "must be an object, not " + std::string(json::describe(top[kPayload].kind)));
    } else if (type) {
      event.payload = read_payload(*type, fields_, faults);
    }
  }
  if (form_ == Form::batch_item && reader.require(top[kIdempotencyKey], "/idempotency_key")) {
    if (const auto key = reader.string(top[kIdempotencyKey], "/idempotency_key")) {
      if (const auto status = check_idempotency_key(*key); !status) {
        reader.fault("/idempotency_key", status.error().message);
      } else {
        idempotency_key = *key;
      }
    }
  }
  if (faults.empty()) event.payload_json = json::member_text(text, fields_.nested_ordinal);
  return event;
}

Timestamp EventReader::occurred_at(FaultList& faults) {
  FieldReader reader(fields_, faults);
  constexpr std::string_view kPointer = "/occurred_at";
  const auto text = reader.string(fields_.top[kOccurredAt], kPointer);
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
