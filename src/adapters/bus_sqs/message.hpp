#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/envelope.hpp"
#include "core/error.hpp"
#include "core/time.hpp"
#include "ports/dead_letters.hpp"

namespace liveops::adapters::bus_sqs {

/// A message as SQS and SNS carry it. The body is the envelope's, as it is; what else it has are string attributes:
/// `id`, `type`, `key`, `traceparent`. A body that SQS does not take (empty, control characters, no UTF-8) goes as
/// "base64:..." with the attribute `encoding` = "base64".
struct Message {
  std::string body;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::string group;          // of FIFO queues: the envelope's key
  std::string deduplication;  // of FIFO queues: the envelope's id

  /// As SQS counts it: body, and names, types and values of attributes.
  [[nodiscard]] std::size_t bytes() const;
};

[[nodiscard]] Message encode(const core::Envelope& envelope);

/// Why a message is dead.
struct Obituary {
  ports::Topic topic = ports::Topic::events;
  std::string group;
  std::string reason;
  std::uint32_t attempts = 0;
  core::Timestamp dead_at;
};
inline constexpr std::size_t kMaxReasonBytes = 1000;  // longer ones are cut

/// The message with `reason`, `attempts`, `dead_at` besides. A message of its own to a FIFO queue: no letter waits for
/// another.
[[nodiscard]] Message encode_letter(const core::Envelope& envelope, const Obituary& obituary);

/// A message as ReceiveMessage gives it.
struct Received {
  std::string id;
  std::string receipt;
  std::string body;  // as it came
  boost::json::object attributes;
  std::uint32_t receives = 1;
  core::Timestamp sent_at;

  /// Empty when there is no such string attribute.
  [[nodiscard]] std::string attribute(std::string_view name) const;
};
[[nodiscard]] Received parse_received(const boost::json::object& message);

/// Errors: `corrupt` when it is not what `encode` makes.
[[nodiscard]] core::Result<core::Envelope> decode(const Received& message);

/// Whether SQS takes it as a body: not empty, UTF-8, no control characters but tab and line breaks.
[[nodiscard]] bool is_sqs_text(std::string_view text);

/// More than attributes add to a body.
inline constexpr std::size_t kMaxOverheadBytes = 4096;

}  // namespace liveops::adapters::bus_sqs
