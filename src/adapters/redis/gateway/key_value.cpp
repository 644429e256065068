#include "adapters/redis/gateway/key_value.hpp"

#include <algorithm>

namespace liveops::adapters::redis {

namespace {

constexpr std::size_t kBytes = 1 + sizeof(ports::IdempotencyStore::Fingerprint);

}  // namespace

std::string KeyValue::encode(char kind, const ports::IdempotencyStore::Fingerprint& fingerprint) {
  std::string out(1, kind);
  for (const auto byte : fingerprint) out += static_cast<char>(byte);
  return out;
}

std::optional<ports::IdempotencyState> KeyValue::state(std::string_view value,
                                                       const ports::IdempotencyStore::Fingerprint& fingerprint) {
  if (value.size() != kBytes || (value[0] != kReserved && value[0] != kDone)) return std::nullopt;
  const bool same =
      std::ranges::equal(value.substr(1), fingerprint, {}, [](char c) { return static_cast<std::uint8_t>(c); });
  if (!same) return ports::IdempotencyState::mismatch;
  return value[0] == kReserved ? ports::IdempotencyState::running : ports::IdempotencyState::done;
}

}  // namespace liveops::adapters::redis
