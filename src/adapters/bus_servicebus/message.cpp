#include "adapters/bus_servicebus/message.hpp"

#include <optional>
#include <proton/binary.hpp>
#include <proton/map.hpp>
#include <proton/message.hpp>
#include <proton/message_id.hpp>
#include <proton/timestamp.hpp>
#include <proton/types.hpp>
#include <vector>

namespace liveops::adapters::bus_servicebus {

namespace {

void fill(proton::message& message, const core::Envelope& envelope, const std::string& id) {
  message.id(id);
  message.subject(envelope.type);
  message.content_type("application/json");
  message.durable(true);
  message.inferred(true);  // a data section, not a value
  message.body(proton::binary(envelope.body));
  message.properties().put(std::string(property::kKey), envelope.key);
  if (!envelope.traceparent.empty()) message.properties().put(std::string(property::kTrace), envelope.traceparent);
}

std::string bytes_of(const proton::message& message) {
  const std::vector<char> bytes = message.encode();
  return {bytes.begin(), bytes.end()};
}

std::optional<std::string> text_of(const proton::scalar& value) {
  if (value.type() == proton::STRING) return proton::get<std::string>(value);
  if (value.type() == proton::SYMBOL) return std::string(proton::get<proton::symbol>(value));
  return std::nullopt;
}

std::optional<std::string> text_property(const proton::message& message, std::string_view name) {
  const std::string key(name);
  if (!message.properties().exists(key)) return std::nullopt;
  return text_of(message.properties().get(key));
}

std::optional<std::string> id_text(const proton::message_id& id) {
  if (id.type() == proton::STRING) return proton::get<std::string>(id);
  if (id.type() == proton::UUID) return proton::get<proton::uuid>(id).str();
  return std::nullopt;
}

std::optional<std::string> body_of(const proton::value& body) {
  if (body.type() == proton::BINARY) return std::string(proton::get<proton::binary>(body));
  if (body.type() == proton::STRING) return proton::get<std::string>(body);
  return std::nullopt;
}

std::int64_t number_annotation(const proton::message& message, const char* name) {
  const proton::annotation_key key{proton::symbol(name)};
  if (!message.message_annotations().exists(key)) return 0;
  const auto value = message.message_annotations().get(key);
  if (value.type() == proton::TIMESTAMP) return proton::get<proton::timestamp>(value).milliseconds();
  return value.type() == proton::LONG ? proton::get<std::int64_t>(value) : 0;
}

core::Timestamp time_annotation(const proton::message& message, const char* name) {
  return core::Timestamp(std::chrono::milliseconds(number_annotation(message, name)));
}

void read_envelope(const proton::message& message, Incoming& incoming) {
  auto body = body_of(message.body());
  auto id = text_property(message, property::kEventId);
  if (!id) id = id_text(message.id());
  const auto event_id = core::EventId::parse(id.value_or(""));
  incoming.readable = body && event_id && !message.subject().empty();
  if (body) incoming.envelope.body = *std::move(body);
  if (!incoming.readable) return;
  incoming.envelope.id = *event_id;
  incoming.envelope.type = message.subject();
  incoming.envelope.key = text_property(message, property::kKey).value_or("");
  incoming.envelope.traceparent = text_property(message, property::kTrace).value_or("");
}

}  // namespace

std::string encode_message(const core::Envelope& envelope) {
  proton::message message;
  fill(message, envelope, envelope.id.str());
  return bytes_of(message);
}

std::string encode_redriven(const core::Envelope& envelope, std::string_view group, const std::string& message_id) {
  proton::message message;
  fill(message, envelope, message_id);
  message.properties().put(std::string(property::kEventId), envelope.id.str());
  message.properties().put(std::string(property::kOnlyGroup), std::string(group));
  return bytes_of(message);
}

Incoming decode_message(const proton::message& message) {
  Incoming incoming;
  read_envelope(message, incoming);
  incoming.only_group = text_property(message, property::kOnlyGroup).value_or("");
  incoming.attempt = message.delivery_count() + 1;
  incoming.sequence = number_annotation(message, "x-opt-sequence-number");
  incoming.enqueued_at = time_annotation(message, "x-opt-enqueued-time");
  incoming.locked_until = time_annotation(message, "x-opt-locked-until");
  incoming.dead_reason = text_property(message, property::kDeadReason).value_or("");
  incoming.dead_attempts = message.delivery_count();
  if (const auto attempts = text_property(message, property::kAttempts)) {
    incoming.dead_attempts = static_cast<std::uint32_t>(std::strtoul(attempts->c_str(), nullptr, 10));
  }
  return incoming;
}

}  // namespace liveops::adapters::bus_servicebus
