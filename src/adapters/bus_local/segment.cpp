#include "adapters/bus_local/segment.hpp"

#include <array>
#include <limits>

#include "adapters/bus_local/byte_order.hpp"

namespace liveops::adapters::bus_local {

namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kHeaderBytes = core::EventId::kBytes + 4;  // after the length

std::unexpected<core::Error> damaged(std::string_view what) {
  return core::fail(core::Errc::corrupt,
                    "the bus holds a damaged message: restore its directory from a backup or move it away",
                    std::string(what));
}

}  // namespace

bool Frames::add(const core::Envelope& envelope) {
  const std::size_t length =
      kHeaderBytes + envelope.type.size() + envelope.key.size() + envelope.traceparent.size() + envelope.body.size();
  if (envelope.type.size() > 0xffU || envelope.key.size() > 0xffU || envelope.traceparent.size() > 0xffffU ||
      bytes.size() + length + kLengthBytes > std::numeric_limits<std::uint32_t>::max()) {
    return false;
  }
  put(bytes, length, kLengthBytes);
  const auto& id = envelope.id.bytes();
  bytes.append(reinterpret_cast<const char*>(id.data()), id.size());
  put(bytes, envelope.type.size(), 1);
  put(bytes, envelope.key.size(), 1);
  put(bytes, envelope.traceparent.size(), 2);
  bytes += envelope.type;
  bytes += envelope.key;
  bytes += envelope.traceparent;
  bytes += envelope.body;
  ends.push_back(static_cast<std::uint32_t>(bytes.size()));
  return true;
}

void Frames::add_all(const Frames& other) {
  const auto shift = static_cast<std::uint32_t>(bytes.size());
  bytes += other.bytes;
  for (const auto end : other.ends) ends.push_back(shift + end);
}

core::Result<core::Envelope> Frames::read(std::size_t index) const {
  const std::size_t begin = index == 0 ? 0 : ends[index - 1];
  const std::string_view frame =
      std::string_view(bytes).substr(begin + kLengthBytes, ends[index] - begin - kLengthBytes);
  if (frame.size() < kHeaderBytes) return damaged("a frame is shorter than its header");
  std::size_t at = core::EventId::kBytes;
  const std::array lengths{get(frame, at, 1), get(frame, at + 1, 1), get(frame, at + 2, 2)};
  at = kHeaderBytes;
  if (at + lengths[0] + lengths[1] + lengths[2] > frame.size()) return damaged("a field is longer than its frame");
  core::Envelope envelope;
  core::EventId::Bytes id;
  for (std::size_t i = 0; i < id.size(); ++i) id[i] = static_cast<std::uint8_t>(frame[i]);
  envelope.id = core::EventId(id);
  envelope.type = frame.substr(at, lengths[0]);
  at += lengths[0];
  envelope.key = frame.substr(at, lengths[1]);
  at += lengths[1];
  envelope.traceparent = frame.substr(at, lengths[2]);
  at += lengths[2];
  envelope.body = frame.substr(at);
  return envelope;
}

core::Result<Frames> Frames::parse(std::string_view bytes, std::size_t count) {
  Frames frames{.bytes = std::string(bytes), .ends = {}};
  std::size_t at = 0;
  while (frames.ends.size() < count) {
    if (bytes.size() - at < kLengthBytes) return damaged("a record ends before its last frame");
    const std::size_t length = get(bytes, at, kLengthBytes);
    if (length > bytes.size() - at - kLengthBytes) return damaged("a frame ends after its record");
    at += kLengthBytes + length;
    frames.ends.push_back(static_cast<std::uint32_t>(at));
  }
  if (at != bytes.size()) return damaged("a record has bytes after its last frame");
  return frames;
}

}  // namespace liveops::adapters::bus_local
