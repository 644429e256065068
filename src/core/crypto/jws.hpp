#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace liveops::core::crypto {

/// Signs and verifies JWS compact serialisation (RFC 7515): HS256, or EdDSA (RFC 8037, Ed25519).
///
/// Threads: any (const).
class JwsSigner {
 public:
  /// HS256 with `secret` (>= 32 bytes). Errors: `invalid_argument`.
  [[nodiscard]] static Result<JwsSigner> hs256(std::string key_id, std::string secret);
  /// EdDSA from a PEM private key (PKCS#8, Ed25519) or its path. Errors: `invalid_argument`.
  [[nodiscard]] static Result<JwsSigner> ed25519(std::string_view pem_or_path);
  ~JwsSigner();
  JwsSigner(JwsSigner&&) noexcept;
  JwsSigner& operator=(JwsSigner&&) noexcept;

  /// The compact form of `claims_json`; header {"alg","kid","typ":"JWT"}.
  [[nodiscard]] std::string sign(std::string_view claims_json) const;

  /// The claims of a token that this key signed. The header's alg must be this signer's ("none" never passes).
  /// Errors: `invalid_argument` (not a JWS), `unauthenticated` (wrong signature, key or algorithm).
  [[nodiscard]] Result<std::string> verify(std::string_view token) const;

  [[nodiscard]] const std::string& key_id() const;
  /// RFC 7517 JWK Set: the Ed25519 public key; {"keys":[]} for HS256.
  [[nodiscard]] std::string jwks_json() const;

 private:
  struct State;
  explicit JwsSigner(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace liveops::core::crypto
