#include "adapters/bus_local/record.hpp"

#include <zlib.h>

#include <limits>
#include <utility>

#include "adapters/bus_local/byte_order.hpp"

namespace liveops::adapters::bus_local {

namespace {

constexpr std::size_t kChecked = 8;  // what lies before is not in the checksum

std::uint32_t checksum_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace

std::optional<RecordHead> RecordHead::parse(std::string_view text) {
  if (text.size() < kBytes || !text.starts_with(kMagic)) return std::nullopt;
  return RecordHead{.checksum = static_cast<std::uint32_t>(get(text, 4, 4)),
                    .first = get(text, 8, 8),
                    .commit = get(text, 16, 8),
                    .appended_us = static_cast<std::int64_t>(get(text, 24, 8)),
                    .count = static_cast<std::uint32_t>(get(text, 32, 4)),
                    .frame_bytes = static_cast<std::uint32_t>(get(text, 36, 4)),
                    .group_bytes = static_cast<std::uint16_t>(get(text, 40, 2))};
}

bool RecordHead::matches(std::string_view record) const {
  return record.size() == bytes() && checksum_of(record.substr(kChecked)) == checksum;
}

core::Result<Segment> RecordHead::read(std::string_view record) const {
  auto frames = Frames::parse(record.substr(kBytes + group_bytes), count);
  if (!frames) return std::unexpected(frames.error());
  return Segment{.first = first,
                 .appended_at = core::Timestamp(std::chrono::microseconds(appended_us)),
                 .only_group = std::string(record.substr(kBytes, group_bytes)),
                 .frames = *std::move(frames)};
}

bool write_record(const Segment& segment, std::uint64_t commit, std::string& out) {
  if (segment.only_group.size() > std::numeric_limits<std::uint16_t>::max() ||
      segment.frames.bytes.size() > std::numeric_limits<std::uint32_t>::max()) {
    return false;
  }
  const auto begin = out.size();
  out += RecordHead::kMagic;
  put(out, 0, 4);
  put(out, segment.first, 8);
  put(out, commit, 8);
  put(out, static_cast<std::uint64_t>(segment.appended_at.time_since_epoch().count()), 8);
  put(out, segment.frames.count(), 4);
  put(out, segment.frames.bytes.size(), 4);
  put(out, segment.only_group.size(), 2);
  out += segment.only_group;
  out += segment.frames.bytes;
  std::string checksum;
  put(checksum, checksum_of(std::string_view(out).substr(begin + kChecked)), 4);
  out.replace(begin + RecordHead::kMagic.size(), checksum.size(), checksum);
  return true;
}

}  // namespace liveops::adapters::bus_local
