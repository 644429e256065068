#include "adapters/bus_nats/frame.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace liveops::adapters::bus_nats {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kLengths = 4;
constexpr std::size_t kHeadBytes = 1 + kLengths + core::EventId::kBytes;
constexpr std::size_t kMaxFieldBytes = std::numeric_limits<std::uint8_t>::max();
constexpr std::size_t kObituaryBytes = 4 + 8 + 2;

void put(std::string& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xffU));
}

std::uint64_t get(std::string_view in, std::size_t at, std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes; i-- > 0;) value = value << 8U | static_cast<std::uint8_t>(in[at + i]);
  return value;
}

std::unexpected<core::Error> damaged(std::string_view what) {
  return core::fail(core::Errc::corrupt, "a message on NATS is not one of ours", std::string(what));
}

}  // namespace

bool fits_a_frame(const core::Envelope& envelope) {
  return envelope.type.size() <= kMaxFieldBytes && envelope.key.size() <= kMaxFieldBytes &&
         envelope.traceparent.size() <= kMaxFieldBytes;
}

std::string encode_frame(const core::Envelope& envelope, std::string_view only_group) {
  const std::array<std::string_view, kLengths> fields{only_group, envelope.type, envelope.key, envelope.traceparent};
  std::string out;
  out.reserve(kHeadBytes + only_group.size() + envelope.type.size() + envelope.key.size() +
              envelope.traceparent.size() + envelope.body.size());
  put(out, kVersion, 1);
  for (const auto field : fields) put(out, field.size(), 1);
  const auto& id = envelope.id.bytes();
  out.append(reinterpret_cast<const char*>(id.data()), id.size());
  for (const auto field : fields) out += field;
  out += envelope.body;
  return out;
}

core::Result<Frame> decode_frame(std::string_view payload) {
  if (payload.size() < kHeadBytes) return damaged("shorter than its head");
  if (get(payload, 0, 1) != kVersion) return damaged("unknown version");
  std::array<std::string_view, kLengths> fields;
  std::size_t at = kHeadBytes;
  for (std::size_t i = 0; i < kLengths; ++i) {
    const auto length = get(payload, 1 + i, 1);
    if (length > payload.size() - at) return damaged("a field is longer than the message");
    fields[i] = payload.substr(at, length);
    at += length;
  }
  core::EventId::Bytes id;
  std::copy_n(payload.begin() + 1 + kLengths, id.size(), reinterpret_cast<char*>(id.data()));
  return Frame{.only_group = std::string(fields[0]),
               .envelope = {.id = core::EventId(id),
                            .type = std::string(fields[1]),
                            .key = std::string(fields[2]),
                            .body = std::string(payload.substr(at)),
                            .traceparent = std::string(fields[3])}};
}

std::string encode_letter(const Obituary& obituary, std::string_view frame) {
  const auto reason = std::string_view(obituary.reason).substr(0, kMaxReasonBytes);
  std::string out;
  out.reserve(kObituaryBytes + reason.size() + frame.size());
  put(out, obituary.attempts, 4);
  put(out, static_cast<std::uint64_t>(obituary.dead_at.time_since_epoch().count()), 8);
  put(out, reason.size(), 2);
  out += reason;
  out += frame;
  return out;
}

core::Result<Letter> decode_letter(std::string_view payload) {
  if (payload.size() < kObituaryBytes) return damaged("shorter than an obituary");
  const auto reason_bytes = get(payload, 12, 2);
  if (reason_bytes > payload.size() - kObituaryBytes) return damaged("the reason is longer than the message");
  const std::chrono::microseconds since_1970(static_cast<std::int64_t>(get(payload, 4, 8)));
  return Letter{.obituary = {.reason = std::string(payload.substr(kObituaryBytes, reason_bytes)),
                             .attempts = static_cast<std::uint32_t>(get(payload, 0, 4)),
                             .dead_at = core::Timestamp(since_1970)},
                .frame = std::string(payload.substr(kObituaryBytes + reason_bytes))};
}

}  // namespace liveops::adapters::bus_nats
