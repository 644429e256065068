#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace liveops::core::crypto {

/// An Ed25519 private key with its public half (RFC 8032).
///
/// Threads: any (const).
class Ed25519Key {
 public:
  /// From a PEM private key (PKCS#8, not encrypted) or the path of a file that holds one.
  /// Errors: `invalid_argument`; the message never holds the key.
  [[nodiscard]] static Result<Ed25519Key> load(std::string_view pem_or_path);
  ~Ed25519Key();
  Ed25519Key(Ed25519Key&&) noexcept;
  Ed25519Key& operator=(Ed25519Key&&) noexcept;

  /// The 64 bytes of the signature.
  [[nodiscard]] std::string sign(std::string_view data) const;
  [[nodiscard]] bool verify(std::string_view data, std::string_view signature) const;

  /// The 32 raw bytes.
  [[nodiscard]] const std::string& public_key() const;
  /// RFC 7638 thumbprint of the public key as a JWK (members of RFC 8037 section 2), base64url.
  [[nodiscard]] std::string thumbprint() const;

 private:
  struct State;
  explicit Ed25519Key(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace liveops::core::crypto
