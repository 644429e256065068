#pragma once

#include <cstdint>
#include <string>

#include "core/auth/request_signature.hpp"
#include "core/error.hpp"
#include "core/http/message.hpp"
#include "core/time.hpp"

namespace liveops::core::auth {

/// Bearer tokens and the rule for public leaderboards. An empty token admits nobody.
struct TokenSettings {
  std::string api_token;
  std::string admin_token;
  bool public_leaderboard = true;
};

/// Turns a request's credentials into a principal.
///
/// Threads: any (const).
class Authenticator {
 public:
  Authenticator(const SignatureVerifier& signatures, TokenSettings tokens);

  /// Signature only. Errors: `unauthenticated`.
  [[nodiscard]] Result<http::Principal> signed_request(const http::Request& request, Timestamp now) const;

  /// Bearer API_TOKEN or ADMIN_TOKEN, else a signature. Errors: `unauthenticated`.
  [[nodiscard]] Result<http::Principal> player_data(const http::Request& request, Timestamp now) const;

  /// Anybody when leaderboards are public, else as player_data. Errors: `unauthenticated`.
  [[nodiscard]] Result<http::Principal> leaderboard(const http::Request& request, Timestamp now) const;

  /// ADMIN_TOKEN. Errors: `unauthenticated` (no or unknown token), `forbidden` (API_TOKEN or a signature).
  [[nodiscard]] Result<http::Principal> admin(const http::Request& request, Timestamp now) const;

 private:
  const SignatureVerifier& signatures_;
  TokenSettings tokens_;
};

}  // namespace liveops::core::auth
