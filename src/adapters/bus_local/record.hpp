#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/bus_local/segment.hpp"

namespace liveops::adapters::bus_local {

/// The head of a segment as a log file holds it. Little-endian, without gaps:
///   u32 magic | u32 CRC-32 (zlib's) of all that follows | u64 first offset | u64 first offset of its commit |
///   i64 appended, microseconds since 1970 | u32 messages | u32 bytes of frames | u16 bytes of the group |
///   group (`only_group`) | frames
struct RecordHead {
  static constexpr std::size_t kBytes = 42;
  static constexpr std::string_view kMagic = "lob1";

  std::uint32_t checksum = 0;
  std::uint64_t first = 0;
  std::uint64_t commit = 0;
  std::int64_t appended_us = 0;
  std::uint32_t count = 0;
  std::uint32_t frame_bytes = 0;
  std::uint16_t group_bytes = 0;

  [[nodiscard]] std::uint64_t end() const { return first + count; }
  /// Of the whole record.
  [[nodiscard]] std::size_t bytes() const { return kBytes + group_bytes + frame_bytes; }

  /// nullopt: no record begins like this. Says nothing of what follows the head.
  [[nodiscard]] static std::optional<RecordHead> parse(std::string_view text);
  /// Is `record`, head and all, what was written?
  [[nodiscard]] bool matches(std::string_view record) const;
  /// Requires: `matches(record)`. Errors: `corrupt`.
  [[nodiscard]] core::Result<Segment> read(std::string_view record) const;
};

/// Appends `segment`, one of the commit that begins at offset `commit`. False, and nothing is appended, when its
/// group's name or its frames are too long for their lengths.
[[nodiscard]] bool write_record(const Segment& segment, std::uint64_t commit, std::string& out);

}  // namespace liveops::adapters::bus_local
