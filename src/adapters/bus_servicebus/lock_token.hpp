#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace liveops::adapters::bus_servicebus {

/// Names a lock: the 16 bytes of a delivery's tag.
using LockToken = std::array<std::uint8_t, 16>;

/// nullopt unless it is 16 bytes.
[[nodiscard]] std::optional<LockToken> lock_token_of(std::string_view delivery_tag);

/// The bytes of the uuid that requests name the lock by. The tag is a GUID as .NET writes it: its first three fields
/// are little-endian, a uuid's are not. Its own inverse.
[[nodiscard]] LockToken to_uuid(const LockToken& token);

/// 32 hex digits, as a Delivery's tag; and back: nullopt when it is none.
[[nodiscard]] std::string to_tag(const LockToken& token);
[[nodiscard]] std::optional<LockToken> parse_tag(std::string_view tag);

}  // namespace liveops::adapters::bus_servicebus
