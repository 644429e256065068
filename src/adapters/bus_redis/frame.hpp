#pragma once

#include <string>
#include <string_view>

#include "core/envelope.hpp"

namespace liveops::adapters::bus_redis {

/// The binary form of an envelope in an entry: version 1 (one byte), the 16 bytes of the id, then type, key and
/// traceparent, each behind its length (LEB128), and the body, which takes the rest.
[[nodiscard]] std::string encode_frame(const core::Envelope& envelope);

/// Errors: `corrupt` when `frame` is not what `encode_frame` makes.
[[nodiscard]] core::Result<core::Envelope> decode_frame(std::string_view frame);

/// As `decode_frame`; but what cannot be read comes as an envelope that holds it as its body and nothing else, so that
/// whoever receives it refuses it, and it ends among the dead letters rather than being dropped or blocking the rest.
[[nodiscard]] core::Envelope decode_any(std::string_view frame);

}  // namespace liveops::adapters::bus_redis
