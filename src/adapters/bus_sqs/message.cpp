#include "adapters/bus_sqs/message.hpp"

#include <algorithm>
#include <charconv>

#include "core/crypto/encoding.hpp"

namespace liveops::adapters::bus_sqs {

namespace json = boost::json;
using core::Errc;
using core::Result;

namespace {

constexpr std::string_view kBase64 = "base64";
constexpr std::string_view kBase64Prefix = "base64:";
constexpr std::string_view kDataType = "String";

std::string string_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

template <class Number>
Number number_of(const std::string& text, Number otherwise) {
  Number number = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// Bytes of the UTF-8 sequence that starts here and that SQS takes; 0 when it does not.
std::size_t text_sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned first = byte(0);
  if (first < 0x80U) return first >= 0x20U || first == '\t' || first == '\n' || first == '\r' ? 1 : 0;
  const std::size_t length = first >= 0xF0U ? 4 : first >= 0xE0U ? 3 : 2;
  if (first < 0xC2U || first > 0xF4U) return 0;
  unsigned point = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
    point = (point << 6U) | (byte(i) & 0x3FU);
  }
  const bool overlong = (length == 3 && point < 0x800U) || (length == 4 && point < 0x10000U);
  const bool surrogate = point >= 0xD800U && point <= 0xDFFFU;
  return overlong || surrogate || point == 0xFFFEU || point == 0xFFFFU || point > 0x10FFFFU ? 0 : length;
}

/// Attributes cannot be empty.
void add(Message& message, std::string_view name, std::string value) {
  if (!value.empty()) message.attributes.emplace_back(name, std::move(value));
}

std::string printable(std::string text) {
  if (text.size() > kMaxReasonBytes) text.resize(kMaxReasonBytes);
  if (is_sqs_text(text)) return text;
  std::ranges::replace_if(text, [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

}  // namespace

bool is_sqs_text(std::string_view text) {
  if (text.empty()) return false;
  while (!text.empty()) {
    const auto length = text_sequence(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::size_t Message::bytes() const {
  auto bytes = body.size();
  for (const auto& [name, value] : attributes) bytes += name.size() + kDataType.size() + value.size();
  return bytes;
}

Message encode(const core::Envelope& envelope) {
  Message message{.body = {}, .attributes = {}, .group = envelope.key, .deduplication = envelope.id.str()};
  add(message, "id", envelope.id.str());
  add(message, "type", envelope.type);
  add(message, "key", envelope.key);
  add(message, "traceparent", envelope.traceparent);
  if (is_sqs_text(envelope.body)) {
    message.body = envelope.body;
  } else {
    message.body = std::string(kBase64Prefix) + core::crypto::to_base64(envelope.body);
    add(message, "encoding", std::string(kBase64));
  }
  if (message.group.empty()) message.group = message.deduplication;
  return message;
}

Message encode_letter(const core::Envelope& envelope, const Obituary& obituary) {
  auto message = encode(envelope);
  message.group = message.deduplication;
  add(message, "reason", printable(obituary.reason));
  add(message, "attempts", std::to_string(obituary.attempts));
  add(message, "dead_at", std::to_string(obituary.dead_at.time_since_epoch().count()));
  return message;
}

std::string Received::attribute(std::string_view name) const {
  const auto* value = attributes.if_contains(name);
  return value != nullptr && value->is_object() ? string_of(value->get_object(), "StringValue") : std::string();
}

Received parse_received(const json::object& message) {
  Received received{.id = string_of(message, "MessageId"),
                    .receipt = string_of(message, "ReceiptHandle"),
                    .body = string_of(message, "Body"),
                    .attributes = {},
                    .sent_at = {}};
  if (const auto* own = message.if_contains("MessageAttributes"); own != nullptr && own->is_object()) {
    received.attributes = own->get_object();
  }
  if (const auto* system = message.if_contains("Attributes"); system != nullptr && system->is_object()) {
    const auto& values = system->get_object();
    received.receives = number_of(string_of(values, "ApproximateReceiveCount"), 1U);
    received.sent_at =
        core::Timestamp(std::chrono::milliseconds(number_of<std::int64_t>(string_of(values, "SentTimestamp"), 0)));
  }
  return received;
}

Result<core::Envelope> decode(const Received& message) {
  const auto id = core::EventId::parse(message.attribute("id"));
  core::Envelope envelope{.id = id.value_or(core::EventId()),
                          .type = message.attribute("type"),
                          .key = message.attribute("key"),
                          .body = message.body,
                          .traceparent = message.attribute("traceparent")};
  if (!id || envelope.type.empty()) return core::fail(Errc::corrupt, "the message has no attributes `id` and `type`");
  if (message.attribute("encoding") != kBase64) return envelope;
  const auto bytes = message.body.starts_with(kBase64Prefix)
                         ? core::crypto::from_base64(std::string_view(message.body).substr(kBase64Prefix.size()))
                         : std::nullopt;
  if (!bytes) return core::fail(Errc::corrupt, "the message's body is not the base64 that it says it is");
  envelope.body = *bytes;
  return envelope;
}

}  // namespace liveops::adapters::bus_sqs
