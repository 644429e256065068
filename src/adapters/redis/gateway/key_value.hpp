#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ports/idempotency_store.hpp"

namespace liveops::adapters::redis {

/// What stands under an idempotency key: one character for its kind and the fingerprint, 9 bytes. Together with Redis's
/// own header that fits its smallest kind of string.
struct KeyValue {
  static constexpr char kReserved = 'r';
  static constexpr char kDone = 'd';

  [[nodiscard]] static std::string encode(char kind, const ports::IdempotencyStore::Fingerprint& fingerprint);

  /// What `begin` finds where `value` stands already; nullopt: nothing that this store wrote.
  [[nodiscard]] static std::optional<ports::IdempotencyState> state(
      std::string_view value, const ports::IdempotencyStore::Fingerprint& fingerprint);
};

}  // namespace liveops::adapters::redis
