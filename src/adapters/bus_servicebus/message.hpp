#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/envelope.hpp"
#include "core/error.hpp"
#include "core/time.hpp"

namespace proton {
class message;  // NOLINT(readability-identifier-naming): the library's
}

namespace liveops::adapters::bus_servicebus {

/// A message as the service hands it over.
struct Incoming {
  core::Envelope envelope;
  std::string only_group;  // not empty: the other groups skip it (a redriven letter)
  bool readable = true;    // false: not one of ours; the envelope has nothing but a body
  std::uint32_t attempt = 1;
  std::int64_t sequence = 0;
  core::Timestamp enqueued_at;
  core::Timestamp locked_until;
  std::string dead_reason;  // of a dead letter
  std::uint32_t dead_attempts = 0;
};

/// The names of what a message carries besides its body; ids and subject are AMQP's own properties.
namespace property {
inline constexpr std::string_view kKey = "key";
inline constexpr std::string_view kTrace = "traceparent";
inline constexpr std::string_view kEventId = "event-id";  // where the message id is another
inline constexpr std::string_view kOnlyGroup = "only-group";
inline constexpr std::string_view kDeadReason = "DeadLetterReason";
inline constexpr std::string_view kAttempts = "dead-after-attempts";
}  // namespace property

/// An AMQP message, encoded: message-id = event id (so that the service recognises duplicates), subject = type, body =
/// one data section of JSON, as every client of Service Bus reads and writes it.
[[nodiscard]] std::string encode_message(const core::Envelope& envelope);
/// One that only `group` takes, under an id of its own.
[[nodiscard]] std::string encode_redriven(const core::Envelope& envelope, std::string_view group,
                                          const std::string& message_id);

/// Takes what `encode_message` makes, and what other clients send like it: a UUID as message id, a subject, a body of
/// bytes or text.
[[nodiscard]] Incoming decode_message(const proton::message& message);

/// More than everything else adds to a body.
inline constexpr std::size_t kMaxOverheadBytes = 4096;

}  // namespace liveops::adapters::bus_servicebus
