#include "core/envelope.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>

#include "core/event_fields.hpp"
#include "core/json_fields.hpp"

namespace liveops::core {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr std::size_t kMaxDepth = 64;  // a little more than any event limit may be set to

enum BodyField : std::size_t {
  field_v,
  field_event_id,
  field_key_id,
  field_type,
  field_player_id,
  field_occurred_at,
  field_received_at,
  field_occurred_at_given,
  field_seq,
  field_payload
};
constexpr std::array<std::string_view, 10> kBodyNames{"v",         "event_id",    "key_id",      "type",
                                                      "player_id", "occurred_at", "received_at", "occurred_at_given",
                                                      "seq",       "payload"};

/// Writes text into memory that is large enough for all of it.
class TextWriter {
 public:
  explicit TextWriter(char* begin) : begin_(begin), at_(begin) {}

  void add(std::string_view text) { at_ = std::ranges::copy(text, at_).out; }
  void add(const EventId& id) {
    id.write(std::span<char, EventId::kTextChars>(at_, EventId::kTextChars));
    at_ += EventId::kTextChars;
  }
  void add(Timestamp time) { at_ += format_rfc3339(time, std::span<char, kMaxRfc3339Chars>(at_, kMaxRfc3339Chars)); }
  void add(std::int64_t number) { at_ = std::to_chars(at_, at_ + kMaxDigits, number).ptr; }

  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(at_ - begin_); }

  static constexpr std::ptrdiff_t kMaxDigits = 20;

 private:
  char* begin_;
  char* at_;
};

/// Reads the parts of an event out of a scanned body.
class BodyReader {
 public:
  BodyReader(const json::Fields& fields, FaultList& faults) : fields_(fields), faults_(faults), read_(faults) {}

  Event event(const Envelope& envelope) {
    Event event;
    if (integer(field_v, "/v") != kVersion) read_.fault("/v", "is not a version that is known here");
    event.id = envelope.id;
    if (text(field_event_id, "/event_id") != envelope.id.str()) read_.fault("/event_id", "differs from the envelope");
    event.key_id = KeyId::trusted(name(field_key_id, "/key_id"));
    event.player_id = PlayerId::trusted(name(field_player_id, "/player_id"));
    if (event.player_id.str() != envelope.key) read_.fault("/player_id", "differs from the envelope");
    event.occurred_at = time(field_occurred_at, "/occurred_at");
    event.received_at = time(field_received_at, "/received_at");
    event.occurred_at_given = flag(field_occurred_at_given, "/occurred_at_given", true);
    event.seq = read_.integer(fields_.top[field_seq], "/seq");
    read_typed_payload(envelope, event);
    event.traceparent = envelope.traceparent;
    return event;
  }

 private:
  void read_typed_payload(const Envelope& envelope, Event& event) {
    const auto type_name = text(field_type, "/type");
    const auto type = parse_event_type(type_name);
    if (!type || type_name != envelope.type) return read_.fault("/type", "is unknown or differs from the envelope");
    if (fields_.top[field_payload].kind != json::Kind::object) return read_.fault("/payload", "must be an object");
    event.payload = read_payload(*type, fields_, faults_);
    event.level = read_level(fields_);
  }

  std::string_view text(BodyField which, std::string_view pointer) {
    if (!read_.require(fields_.top[which], pointer)) return {};
    return read_.string(fields_.top[which], pointer).value_or(std::string_view());
  }

  std::string name(BodyField which, std::string_view pointer) {
    if (!read_.require(fields_.top[which], pointer)) return {};
    return read_.name(fields_.top[which], pointer).value_or(std::string());
  }

  std::optional<std::int64_t> integer(BodyField which, std::string_view pointer) {
    if (!read_.require(fields_.top[which], pointer)) return std::nullopt;
    return read_.integer(fields_.top[which], pointer);
  }

  bool flag(BodyField which, std::string_view pointer, bool if_absent) {
    const auto& field = fields_.top[which];
    if (field.kind == json::Kind::absent) return if_absent;
    if (field.kind != json::Kind::boolean) read_.fault(pointer, "must be true or false");
    return field.integer != 0;
  }

  Timestamp time(BodyField which, std::string_view pointer) {
    const auto time = parse_rfc3339(text(which, pointer));
    if (!time) read_.fault(pointer, time.error().message);
    return time.value_or(Timestamp{});
  }

  const json::Fields& fields_;
  FaultList& faults_;
  FieldReader read_;
};

std::unexpected<Error> unreadable(std::string detail) {
  return fail(Errc::corrupt, "an event on the bus cannot be read", std::move(detail));
}

}  // namespace

Envelope encode_event(const Event& event) {
  Envelope envelope{.id = event.id,
                    .type = std::string(to_string(type_of(event))),
                    .key = event.player_id.str(),
                    .traceparent = event.traceparent};
  constexpr std::size_t kFixedBytes = 320;  // a little more than the member names, id, type, times and seq take
  const std::size_t most =
      kFixedBytes + event.key_id.str().size() + event.player_id.str().size() + event.payload_json.size();
  envelope.body.resize_and_overwrite(most, [&](char* memory, std::size_t /*most*/) {
    TextWriter body(memory);
    body.add(R"({"v":1,"event_id":")");
    body.add(event.id);
    body.add(R"(","key_id":")");
    body.add(event.key_id.str());
    body.add(R"(","type":")");
    body.add(envelope.type);
    body.add(R"(","player_id":")");
    body.add(event.player_id.str());
    body.add(R"(","occurred_at":")");
    body.add(event.occurred_at);
    body.add(R"(","received_at":")");
    body.add(event.received_at);
    body.add(event.occurred_at_given ? R"(")" : R"(","occurred_at_given":false)");
    if (event.seq) {
      body.add(R"(,"seq":)");
      body.add(*event.seq);
    }
    body.add(R"(,"payload":)");
    body.add(event.payload_json);
    body.add("}");
    return body.size();
  });
  return envelope;
}

Result<Event> decode_event(const Envelope& envelope) {
  FaultList faults("#");
  json::Fields fields;
  const json::FieldNames names{.top = kBodyNames, .nested = payload_field_names(), .nested_in = field_payload};
  const auto scan = json::scan(envelope.body, names, kMaxDepth, fields, faults);
  if (scan.end != json::Scan::End::complete || scan.consumed != envelope.body.size() || !fields.is_object) {
    return unreadable("not a JSON object: byte " + std::to_string(scan.consumed) + " " + scan.why);
  }
  Event event = BodyReader(fields, faults).event(envelope);
  if (!faults.empty()) {
    const auto first = faults.take().front();
    return unreadable(first.pointer + ": " + first.detail);
  }
  event.payload_json = fields.nested_source;
  return event;
}

}  // namespace liveops::core
