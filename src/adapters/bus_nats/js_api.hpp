#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/time.hpp"
#include "ports/event_bus.hpp"

/// JetStream's JSON API as of nats-server 2.9: what is asked, and what comes back.
/// Source: github.com/nats-io/jsm.go/tree/main/schemas, nats-server/server/errors.json.
namespace liveops::adapters::bus_nats {

struct StreamConfig {
  std::string name;
  std::string subjects;
  std::uint64_t max_bytes = 0;
  std::chrono::seconds max_age{0};
  std::chrono::seconds duplicate_window{0};
  int replicas = 1;
};
/// Kept in files until removed; full, it refuses what is new.
[[nodiscard]] std::string to_json(const StreamConfig& config);

struct ConsumerConfig {
  std::string stream;
  std::string name;
  std::string subjects;
  std::chrono::milliseconds ack_wait{0};
  std::size_t max_ack_pending = 0;
};
/// A durable pull consumer from the oldest message on, delivered as often as it takes.
[[nodiscard]] std::string to_json(const ConsumerConfig& config);

/// Up to `batch` messages, as soon as there is any; a status message when there are fewer or none until `expires`.
[[nodiscard]] std::string pull_request(std::size_t batch, std::chrono::milliseconds expires);
/// The first message of `subjects` at or after `sequence`.
[[nodiscard]] std::string next_message_request(std::uint64_t sequence, std::string_view subjects);
/// Takes `delay` into the text of a negative ack.
[[nodiscard]] std::string nak(std::chrono::milliseconds delay);

/// An answer of the API. Errors: as `map_error`, or `unavailable` when it is no JSON object.
[[nodiscard]] core::Result<boost::json::object> parse_answer(std::string_view answer);

/// JetStream's err_code -> error. 10037 (no message), 10059 (no stream), 10014 (no consumer): `not_found`; 10058, 10013
/// (exists, but different): `conflict`; 10074 (replicas without a cluster), 10052 (stream configuration), 10065
/// (subjects overlap): `invalid_argument`; else, 10077 (store failed, full) among them: `unavailable`.
[[nodiscard]] core::Error map_error(std::int64_t err_code, std::string_view description);

/// What the answer to a publish says.
[[nodiscard]] ports::PublishOutcome publish_outcome(std::string_view answer);

struct ConsumerState {
  std::string name;
  bool durable = false;           // with explicit acks: a group, not somebody who looks on
  std::uint64_t ack_floor = 0;    // everything up to this sequence is acked
  std::uint64_t pending = 0;      // not yet delivered
  std::uint64_t ack_pending = 0;  // delivered, not acked
};
/// From the answer to CONSUMER.INFO, or one element of that to CONSUMER.LIST. Errors: `unavailable`.
[[nodiscard]] core::Result<ConsumerState> parse_consumer(const boost::json::object& info);

struct StoredMessage {
  std::string subject;
  std::uint64_t sequence = 0;
  std::string data;
  core::Timestamp published_at;
};
/// From the answer to STREAM.MSG.GET. Errors: `unavailable`.
[[nodiscard]] core::Result<StoredMessage> parse_message(const boost::json::object& answer);

/// Bytes in use, from the answer to STREAM.INFO. Errors: `unavailable`.
[[nodiscard]] core::Result<std::uint64_t> parse_stream_bytes(const boost::json::object& info);

}  // namespace liveops::adapters::bus_nats
