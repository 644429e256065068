#include "adapters/bus_servicebus/management.hpp"

#include <algorithm>
#include <map>
#include <proton/binary.hpp>
#include <proton/codec/encoder.hpp>
#include <proton/codec/map.hpp>
#include <proton/codec/vector.hpp>
#include <proton/error.hpp>
#include <proton/map.hpp>
#include <proton/types.hpp>
#include <proton/uuid.hpp>
#include <string>

namespace liveops::adapters::bus_servicebus {

using core::Errc;
using core::Result;

namespace {

constexpr int kGone = 410;
constexpr int kNothingThere = 204;
constexpr int kNotFound = 404;

proton::message request(const char* operation, const std::map<std::string, proton::value>& body) {
  proton::message message;
  message.properties().put("operation", operation);
  message.body(body);
  return message;
}

proton::message decoded(const proton::binary& bytes) {
  proton::message message;
  message.decode({bytes.begin(), bytes.end()});
  return message;
}

std::vector<Incoming> read_messages(const proton::value& body) {
  const auto fields = proton::get<std::map<std::string, proton::value>>(body);
  const auto list = proton::get<std::vector<proton::value>>(fields.at("messages"));
  std::vector<Incoming> messages;
  for (const auto& entry : list) {
    const auto one = proton::get<std::map<std::string, proton::value>>(entry);
    messages.push_back(decode_message(decoded(proton::get<proton::binary>(one.at("message")))));
  }
  return messages;
}

}  // namespace

proton::message renew_lock_request(const std::vector<LockToken>& tokens) {
  std::vector<proton::uuid> uuids;
  for (const auto& token : tokens) {
    const auto bytes = to_uuid(token);
    proton::uuid uuid;
    std::ranges::copy(bytes, uuid.begin());
    uuids.push_back(uuid);
  }
  proton::value array;
  proton::codec::encoder encoder(array);
  encoder << proton::codec::encoder::array(uuids, proton::UUID);
  return request("com.microsoft:renew-lock", {{"lock-tokens", array}});
}

proton::message peek_request(std::int64_t from, std::size_t count, bool omit_body) {
  std::map<std::string, proton::value> body{{"from-sequence-number", from},
                                            {"message-count", static_cast<std::int32_t>(count)}};
  if (omit_body) body.emplace("omit-message-body", true);
  return request("com.microsoft:peek-message", body);
}

Result<std::vector<Incoming>> parse_peeked(const Result<Reply>& reply) {
  if (!reply) return std::unexpected(reply.error());
  if (reply->status == kNothingThere ||
      (reply->status == kNotFound && reply->condition.contains("message-not-found"))) {
    return std::vector<Incoming>();
  }
  if (!reply->ok()) {
    return core::fail(Errc::unavailable, "Service Bus does not show its messages",
                      reply->condition + ": " + reply->description);
  }
  try {
    return read_messages(reply->body);
  } catch (const std::exception& error) {
    return core::fail(Errc::corrupt, "Service Bus answered what cannot be read", error.what());
  }
}

bool is_lock_lost(const Reply& reply) {
  return reply.status == kGone;
}

}  // namespace liveops::adapters::bus_servicebus
