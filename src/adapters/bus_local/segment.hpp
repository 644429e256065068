#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/envelope.hpp"
#include "core/error.hpp"
#include "core/time.hpp"

namespace liveops::adapters::bus_local {

/// Envelopes in their stored form, one after the other. A frame is (little-endian):
///   u32 length of the rest | 16 bytes id | u8 type length | u8 key length | u16 traceparent length |
///   type | key | traceparent | body (what is left)
struct Frames {
  std::string bytes;
  std::vector<std::uint32_t> ends;  // of each frame

  /// False, and nothing is added, when a field is too long for its length.
  [[nodiscard]] bool add(const core::Envelope& envelope);
  void add_all(const Frames& other);
  [[nodiscard]] std::size_t count() const { return ends.size(); }
  /// Errors: `corrupt`.
  [[nodiscard]] core::Result<core::Envelope> read(std::size_t index) const;
  /// Finds the frames in what was stored. Errors: `corrupt` when there are not `count` whole ones.
  [[nodiscard]] static core::Result<Frames> parse(std::string_view bytes, std::size_t count);
};

/// A run of consecutive messages of one topic, stored as one record.
struct Segment {
  std::uint64_t first = 0;
  core::Timestamp appended_at;
  std::string only_group;  // not empty: the other groups skip it
  Frames frames;

  [[nodiscard]] std::uint64_t end() const { return first + frames.count(); }
  [[nodiscard]] bool holds(std::uint64_t offset) const { return offset >= first && offset < end(); }
};

using SharedSegment = std::shared_ptr<const Segment>;

}  // namespace liveops::adapters::bus_local
