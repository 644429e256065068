#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/ids.hpp"

namespace liveops::core::auth {

inline constexpr std::size_t kMinSecretBytes = 32;

/// One shared secret. Never log it.
struct SigningKey {
  KeyId id;
  std::string secret;  // raw bytes for HMAC
};

/// The signing keys that are valid now, several at once during a rotation.
///
/// Threads: const after construction.
class KeyRing {
 public:
  /// From HMAC_KEYS ("id:secret,id2:secret2") and HMAC_SECRET (taken as key id "default"); either may be empty, not
  /// both. A secret with the prefix "whsec_" is base64-decoded (Standard Webhooks). The first key is the default one;
  /// HMAC_SECRET comes before HMAC_KEYS. Blanks around entries are ignored; in HMAC_KEYS an id ends at the first ':', a
  /// secret at ','. Errors: `invalid_argument` (none given, shorter than 32 bytes, bad or repeated id), never with the
  /// secret in it.
  [[nodiscard]] static Result<KeyRing> parse(std::string_view hmac_secret, std::string_view hmac_keys);

  /// For tests and tools: takes the keys as they are.
  explicit KeyRing(std::vector<SigningKey> keys) : keys_(std::move(keys)) {}

  /// Null when there is none with this id.
  [[nodiscard]] const SigningKey* find(std::string_view id) const;
  [[nodiscard]] std::span<const SigningKey> keys() const { return keys_; }

 private:
  std::vector<SigningKey> keys_;
};

}  // namespace liveops::core::auth
