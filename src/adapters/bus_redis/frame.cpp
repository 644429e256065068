#include "adapters/bus_redis/frame.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace liveops::adapters::bus_redis {

namespace {

constexpr char kVersion = 1;
constexpr unsigned kBitsPerByte = 7;

void add_text(std::string& to, std::string_view text) {
  std::size_t length = text.size();
  while (length >= 1U << kBitsPerByte) {
    to.push_back(static_cast<char>(length | 0x80U));
    length >>= kBitsPerByte;
  }
  to.push_back(static_cast<char>(length));
  to.append(text);
}

bool take_text(std::string_view& from, std::string& to) {
  std::size_t length = 0;
  for (unsigned shift = 0; shift < 5 * kBitsPerByte; shift += kBitsPerByte) {
    if (from.empty()) return false;
    const auto byte = static_cast<std::uint8_t>(from.front());
    from.remove_prefix(1);
    length |= static_cast<std::size_t>(byte & 0x7fU) << shift;
    if (byte < 0x80U) {
      if (length > from.size()) return false;
      to.assign(from.substr(0, length));
      from.remove_prefix(length);
      return true;
    }
  }
  return false;
}

}  // namespace

std::string encode_frame(const core::Envelope& envelope) {
  constexpr std::size_t kMostOverhead = 1 + core::EventId::kBytes + std::size_t{3 * 5};
  std::string frame;
  frame.reserve(kMostOverhead + envelope.type.size() + envelope.key.size() + envelope.traceparent.size() +
                envelope.body.size());
  frame.push_back(kVersion);
  for (const auto byte : envelope.id.bytes()) frame.push_back(static_cast<char>(byte));
  add_text(frame, envelope.type);
  add_text(frame, envelope.key);
  add_text(frame, envelope.traceparent);
  frame.append(envelope.body);
  return frame;
}

core::Result<core::Envelope> decode_frame(std::string_view frame) {
  core::Envelope envelope;
  core::EventId::Bytes id;
  const bool ours = frame.size() > id.size() && frame.front() == kVersion;
  if (ours) {
    std::ranges::copy(frame.substr(1, id.size()), id.begin());
    frame.remove_prefix(1 + id.size());
  }
  if (!ours || !take_text(frame, envelope.type) || !take_text(frame, envelope.key) ||
      !take_text(frame, envelope.traceparent)) {
    return core::fail(core::Errc::corrupt, "an entry of the bus is not one of ours, or is cut");
  }
  envelope.id = core::EventId(id);
  envelope.body = frame;
  return envelope;
}

core::Envelope decode_any(std::string_view frame) {
  if (auto envelope = decode_frame(frame)) return *std::move(envelope);
  return core::Envelope{.id = {}, .type = {}, .key = {}, .body = std::string(frame), .traceparent = {}};
}

}  // namespace liveops::adapters::bus_redis
