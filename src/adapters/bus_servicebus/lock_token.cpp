#include "adapters/bus_servicebus/lock_token.hpp"

#include <algorithm>

#include "core/crypto/digest.hpp"
#include "core/crypto/encoding.hpp"

namespace liveops::adapters::bus_servicebus {

std::optional<LockToken> lock_token_of(std::string_view delivery_tag) {
  LockToken token{};
  if (delivery_tag.size() != token.size()) return std::nullopt;
  std::ranges::copy(delivery_tag, token.begin());
  return token;
}

LockToken to_uuid(const LockToken& token) {
  LockToken uuid = token;
  std::reverse(uuid.begin(), uuid.begin() + 4);
  std::reverse(uuid.begin() + 4, uuid.begin() + 6);
  std::reverse(uuid.begin() + 6, uuid.begin() + 8);
  return uuid;
}

std::string to_tag(const LockToken& token) {
  return core::crypto::to_hex(core::crypto::as_bytes(token));
}

std::optional<LockToken> parse_tag(std::string_view tag) {
  const auto bytes = core::crypto::from_hex(tag);
  return bytes ? lock_token_of(*bytes) : std::nullopt;
}

}  // namespace liveops::adapters::bus_servicebus
