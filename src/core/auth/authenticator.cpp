#include "core/auth/authenticator.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "core/crypto/digest.hpp"

namespace liveops::core::auth {
namespace {

using Kind = http::Principal::Kind;

constexpr std::string_view kScheme = "Bearer ";
constexpr std::string_view kBadToken = "Authorization: the Bearer token is not valid here";

/// The token of "Authorization: Bearer <token>"; nullopt for any other scheme.
std::optional<std::string_view> bearer_token(std::string_view authorization) {
  if (authorization.size() < kScheme.size()) return std::nullopt;
  if (!http::equals_ignore_case(authorization.substr(0, kScheme.size()), kScheme)) return std::nullopt;
  authorization.remove_prefix(kScheme.size());
  authorization.remove_prefix(std::min(authorization.find_first_not_of(' '), authorization.size()));
  return authorization;
}

/// Who the token of the request's Authorization header belongs to.
Result<http::Principal> bearer_principal(const http::Request& request, const TokenSettings& tokens) {
  const auto token = bearer_token(request.header("Authorization"));
  if (!token) return fail(Errc::unauthenticated, "Authorization must be 'Bearer <token>'");
  const auto is = [&](std::string_view known) { return !known.empty() && crypto::equal_constant_time(*token, known); };
  if (is(tokens.admin_token)) return http::Principal{Kind::admin_token, {}};
  if (is(tokens.api_token)) return http::Principal{Kind::api_token, {}};
  return fail(Errc::unauthenticated, std::string(kBadToken));
}

bool is_signed(const http::Request& request) {
  return request.has_header("X-Signature") || request.has_header("webhook-signature");
}

}  // namespace

Authenticator::Authenticator(const SignatureVerifier& signatures, TokenSettings tokens)
    : signatures_(signatures), tokens_(std::move(tokens)) {}

Result<http::Principal> Authenticator::signed_request(const http::Request& request, Timestamp now) const {
  auto key_id = signatures_.verify(request, now);
  if (!key_id) return std::unexpected(std::move(key_id.error()));
  return http::Principal{Kind::signing_key, std::move(*key_id)};
}

Result<http::Principal> Authenticator::player_data(const http::Request& request, Timestamp now) const {
  if (request.has_header("Authorization")) return bearer_principal(request, tokens_);
  if (is_signed(request)) return signed_request(request, now);
  return fail(Errc::unauthenticated, "send Authorization: Bearer <API_TOKEN>, or sign the request");
}

Result<http::Principal> Authenticator::leaderboard(const http::Request& request, Timestamp now) const {
  if (tokens_.public_leaderboard) return http::Principal{};
  return player_data(request, now);
}

Result<http::Principal> Authenticator::admin(const http::Request& request, Timestamp now) const {
  if (!request.has_header("Authorization") && !is_signed(request)) {
    return fail(Errc::unauthenticated, tokens_.admin_token.empty()
                                           ? "operator routes are closed: the server has no ADMIN_TOKEN"
                                           : "operator routes need Authorization: Bearer <ADMIN_TOKEN>");
  }
  auto principal = player_data(request, now);
  if (principal && principal->kind != Kind::admin_token) {
    return fail(Errc::forbidden, "operator routes need the ADMIN_TOKEN; these credentials are valid, but not for this");
  }
  return principal;
}

}  // namespace liveops::core::auth
