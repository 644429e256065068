#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/envelope.hpp"
#include "core/error.hpp"
#include "core/time.hpp"

namespace liveops::adapters::bus_nats {

/// The payload of a message of a topic (numbers little-endian):
///   u8 version = 1 | u8 group length | u8 type length | u8 key length | u8 traceparent length | 16 bytes id |
///   group | type | key | traceparent | body (what is left)
/// `group` not empty: the other groups skip it (a redriven letter).
struct Frame {
  std::string only_group;
  core::Envelope envelope;
};

/// Whether every field fits its length.
[[nodiscard]] bool fits_a_frame(const core::Envelope& envelope);
/// Requires: fits_a_frame.
[[nodiscard]] std::string encode_frame(const core::Envelope& envelope, std::string_view only_group = {});
/// Errors: `corrupt` when the payload is not what `encode_frame` makes.
[[nodiscard]] core::Result<Frame> decode_frame(std::string_view payload);

/// What a dead letter says besides its envelope.
struct Obituary {
  std::string reason;
  std::uint32_t attempts = 0;
  core::Timestamp dead_at;
};
inline constexpr std::size_t kMaxReasonBytes = 1000;  // longer ones are cut

/// The payload of a dead letter: u32 attempts | i64 microseconds since 1970 | u16 reason length | reason | frame.
[[nodiscard]] std::string encode_letter(const Obituary& obituary, std::string_view frame);
struct Letter {
  Obituary obituary;
  std::string frame;
};
/// Errors: `corrupt`.
[[nodiscard]] core::Result<Letter> decode_letter(std::string_view payload);

/// More than frame, letter and headers add to a body.
inline constexpr std::size_t kMaxOverheadBytes = 4096;

}  // namespace liveops::adapters::bus_nats
