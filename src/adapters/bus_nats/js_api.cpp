#include "adapters/bus_nats/js_api.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include "core/crypto/encoding.hpp"

namespace liveops::adapters::bus_nats {

namespace json = boost::json;
using core::Errc;
using core::Result;

namespace {

constexpr std::string_view kSpaceNeeded =
    ": a stream of NATS_MAX_BYTES for each of two topics and one of 1 GiB for dead letters need room below the "
    "server's "
    "max_file_store and the account's limit; raise those or lower NATS_MAX_BYTES";

/// Of the server, of the account, of the disk.
bool is_lack_of_space(std::int64_t err_code) {
  return err_code == 10002 || err_code == 10023 || err_code == 10047;
}

std::int64_t nanoseconds(std::chrono::nanoseconds time) {
  return time.count();
}

std::unexpected<core::Error> not_understood(std::string_view what) {
  return core::fail(Errc::unavailable, "NATS gave an answer that is not understood", std::string(what));
}

/// The field `name` of `from` as a number; nullptr-safe.
const json::value* find(const json::object* from, std::string_view name) {
  return from == nullptr ? nullptr : from->if_contains(name);
}
const json::object* object(const json::object& from, std::string_view name) {
  const auto* value = find(&from, name);
  return value == nullptr ? nullptr : value->if_object();
}
std::optional<std::uint64_t> number(const json::object* from, std::string_view name) {
  const auto* value = find(from, name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  boost::system::error_code failed;
  const auto read = value->to_number<std::uint64_t>(failed);
  return failed ? std::nullopt : std::optional(read);
}
std::optional<std::string_view> text(const json::object* from, std::string_view name) {
  const auto* value = find(from, name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string_view(value->get_string());
}

}  // namespace

std::string to_json(const StreamConfig& config) {
  json::object object{{"name", config.name},
                      {"subjects", json::array{config.subjects}},
                      {"retention", "limits"},
                      {"storage", "file"},
                      {"discard", "new"},
                      {"max_consumers", -1},
                      {"max_msgs", -1},
                      {"max_msgs_per_subject", -1},
                      {"max_bytes", static_cast<std::int64_t>(config.max_bytes)},
                      {"max_age", nanoseconds(config.max_age)},
                      {"num_replicas", config.replicas},
                      {"duplicate_window", nanoseconds(config.duplicate_window)}};
  return json::serialize(object);
}

std::string to_json(const ConsumerConfig& config) {
  json::object details{{"durable_name", config.name}, {"filter_subject", config.subjects},
                       {"deliver_policy", "all"},     {"ack_policy", "explicit"},
                       {"replay_policy", "instant"},  {"ack_wait", nanoseconds(config.ack_wait)},
                       {"max_deliver", -1},           {"max_ack_pending", config.max_ack_pending}};
  return json::serialize(json::object{{"stream_name", config.stream}, {"config", std::move(details)}});
}

std::string pull_request(std::size_t batch, std::chrono::milliseconds expires) {
  // no_wait together with expires: the server answers as soon as it has any, and gives up at `expires`.
  return json::serialize(json::object{{"batch", batch}, {"expires", nanoseconds(expires)}, {"no_wait", true}});
}

std::string next_message_request(std::uint64_t sequence, std::string_view subjects) {
  return json::serialize(json::object{{"seq", sequence}, {"next_by_subj", subjects}});
}

std::string nak(std::chrono::milliseconds delay) {
  if (delay <= std::chrono::milliseconds(0)) return "-NAK";
  return "-NAK " + json::serialize(json::object{{"delay", nanoseconds(delay)}});
}

Result<json::object> parse_answer(std::string_view answer) {
  boost::system::error_code failed;
  auto value = json::parse(answer, failed);
  if (failed || !value.is_object()) return not_understood(answer.substr(0, 200));
  if (const auto* error = object(value.get_object(), "error")) {
    return std::unexpected(map_error(static_cast<std::int64_t>(number(error, "err_code").value_or(0)),
                                     text(error, "description").value_or("no description")));
  }
  return std::move(value.get_object());
}

core::Error map_error(std::int64_t err_code, std::string_view description) {
  const auto code = [err_code] {
    switch (err_code) {
      case 10014:
      case 10037:
      case 10059:
        return Errc::not_found;
      case 10013:
      case 10058:
        return Errc::conflict;
      case 10052:
      case 10065:
      case 10074:
        return Errc::invalid_argument;
      default:
        return Errc::unavailable;
    }
  }();
  std::string message = "NATS: " + std::string(description);
  if (is_lack_of_space(err_code)) message += std::string(kSpaceNeeded);
  return {code, std::move(message), "JetStream error " + std::to_string(err_code)};
}

ports::PublishOutcome publish_outcome(std::string_view answer) {
  constexpr std::uint64_t kMessageTooLarge = 10054;
  if (answer.contains("\"seq\"") && !answer.contains("\"error\"")) return ports::PublishOutcome::stored;
  boost::system::error_code failed;
  const auto value = json::parse(answer, failed);
  const auto* error = !failed && value.is_object() ? object(value.get_object(), "error") : nullptr;
  return number(error, "err_code") == kMessageTooLarge ? ports::PublishOutcome::refused : ports::PublishOutcome::retry;
}

Result<ConsumerState> parse_consumer(const json::object& info) {
  const auto* config = object(info, "config");
  const auto name = text(&info, "name");
  const auto floor = number(object(info, "ack_floor"), "stream_seq");
  const auto pending = number(&info, "num_pending");
  const auto ack_pending = number(&info, "num_ack_pending");
  if (!name || !floor || !pending || !ack_pending) return not_understood("a consumer without its state");
  return ConsumerState{.name = std::string(*name),
                       .durable = text(config, "durable_name") && text(config, "ack_policy") == "explicit",
                       .ack_floor = *floor,
                       .pending = *pending,
                       .ack_pending = *ack_pending};
}

Result<StoredMessage> parse_message(const json::object& answer) {
  const auto* message = object(answer, "message");
  const auto subject = text(message, "subject");
  const auto sequence = number(message, "seq");
  auto data = core::crypto::from_base64(text(message, "data").value_or(""));
  const auto time = core::parse_rfc3339(text(message, "time").value_or(""));
  if (!subject || !sequence || !data || !time) return not_understood("a stored message without its parts");
  return StoredMessage{
      .subject = std::string(*subject), .sequence = *sequence, .data = *std::move(data), .published_at = *time};
}

Result<std::uint64_t> parse_stream_bytes(const json::object& info) {
  const auto bytes = number(object(info, "state"), "bytes");
  if (!bytes) return not_understood("a stream without its state");
  return *bytes;
}

}  // namespace liveops::adapters::bus_nats
