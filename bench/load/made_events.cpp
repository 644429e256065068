#include "bench/load/made_events.hpp"

namespace liveops::bench {

namespace {

constexpr std::uint64_t kScramble = 0x9E3779B97F4A7C15U;  // odd: a permutation of the 64-bit numbers

}  // namespace

std::string make_event(std::uint64_t player, core::Timestamp now, const std::string& idempotency_key) {
  const std::uint64_t scrambled = player * kScramble;
  std::string event = "{";
  if (!idempotency_key.empty()) event += R"("idempotency_key":")" + idempotency_key + R"(",)";
  event += R"("type":"progression","player_id":"p-)" + std::to_string(player) + R"(","occurred_at":")" +
           core::format_rfc3339(now) + R"(","payload":{"xp":)" + std::to_string(50 + (scrambled >> 57U)) +
           R"(,"score":)" + std::to_string(1000 + (scrambled >> 44U) % 9000) + R"(,"match":")";
  constexpr std::string_view kEnd = R"("}})";
  if (event.size() + kEnd.size() < kEventBytes) event.append(kEventBytes - event.size() - kEnd.size(), 'm');
  event += kEnd;
  return event;
}

std::string make_batch(std::uint64_t first, std::uint64_t players, std::size_t count, core::Timestamp now,
                       const std::string& key_prefix) {
  std::string body = "[";
  body.reserve(count * (kEventBytes + 1) + 2);
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0) body += ',';
    body += make_event((first + i) % players, now, key_prefix + std::to_string(first + i));
  }
  body += ']';
  return body;
}

}  // namespace liveops::bench
