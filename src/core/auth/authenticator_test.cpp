#include "core/auth/authenticator.hpp"

#include <gtest/gtest.h>

#include "tests/support/sent_request.hpp"

namespace liveops::core::auth {
namespace {

using test::SentRequest;
using Kind = http::Principal::Kind;

const Timestamp kNow = *parse_rfc3339("2026-11-22T18:21:24Z");
const SigningKey kKey{KeyId::trusted("game"), std::string(32, 'k')};

SentRequest anonymous() {
  return {.method = "GET", .target = "/players/p-1/progress"};
}
SentRequest bearer(const std::string& token) {
  return anonymous().with("Authorization", "Bearer " + token);
}
SentRequest signed_by_game() {
  SentRequest request = anonymous();
  const SignedHeaders headers = sign_request(kKey, kNow, request.method, request.target, "", "");
  return request.with("X-Timestamp", headers.timestamp).with("X-Signature", headers.signature);
}
SentRequest badly_signed() {
  return anonymous().with("X-Signature", "sha256=00");
}

class AuthenticatorTest : public testing::Test {
 protected:
  using Rule = Result<http::Principal> (Authenticator::*)(const http::Request&, Timestamp) const;

  Result<http::Principal> ask(Rule rule, const SentRequest& request, const TokenSettings& tokens) const {
    const Authenticator authenticator(signatures_, tokens);
    return request.view([&](const http::Request& view) { return (authenticator.*rule)(view, kNow); });
  }
  void expect_kind(Rule rule, const SentRequest& request, Kind kind) const {
    const auto principal = ask(rule, request, tokens_);
    ASSERT_TRUE(principal.has_value()) << principal.error().message;
    EXPECT_EQ(principal->kind, kind);
    EXPECT_EQ(principal->key_id.str(), kind == Kind::signing_key ? "game" : "");
  }
  void expect_refused(Rule rule, const SentRequest& request, Errc code) const {
    const auto principal = ask(rule, request, tokens_);
    ASSERT_FALSE(principal.has_value());
    EXPECT_EQ(principal.error().code, code);
    EXPECT_FALSE(principal.error().message.empty());
    for (const std::string_view secret : {"api-token-1", "admin-token-1"}) {
      EXPECT_FALSE(principal.error().message.contains(secret));
    }
  }

  SignatureVerifier signatures_{KeyRing({kKey}), {}};
  TokenSettings tokens_{.api_token = "api-token-1", .admin_token = "admin-token-1", .public_leaderboard = true};
};

TEST_F(AuthenticatorTest, TakesOnlySignaturesForSignedRequests) {
  constexpr Rule kRule = &Authenticator::signed_request;
  expect_kind(kRule, signed_by_game(), Kind::signing_key);
  expect_refused(kRule, anonymous(), Errc::unauthenticated);
  expect_refused(kRule, badly_signed(), Errc::unauthenticated);
  expect_refused(kRule, bearer("admin-token-1"), Errc::unauthenticated);
}

TEST_F(AuthenticatorTest, TakesTokensAndSignaturesForPlayerData) {
  constexpr Rule kRule = &Authenticator::player_data;
  expect_kind(kRule, bearer("api-token-1"), Kind::api_token);
  expect_kind(kRule, bearer("admin-token-1"), Kind::admin_token);
  expect_kind(kRule, signed_by_game(), Kind::signing_key);
  expect_refused(kRule, anonymous(), Errc::unauthenticated);
  expect_refused(kRule, badly_signed(), Errc::unauthenticated);
}

TEST_F(AuthenticatorTest, RefusesWrongTokens) {
  constexpr Rule kRule = &Authenticator::player_data;
  for (const std::string& token : {"api-token-2", "api-token-", "api-token-11", "API-TOKEN-1", ""}) {
    expect_refused(kRule, bearer(token), Errc::unauthenticated);
  }
  expect_refused(kRule, anonymous().with("Authorization", "api-token-1"), Errc::unauthenticated);
  expect_refused(kRule, anonymous().with("Authorization", "Basic YTpi"), Errc::unauthenticated);
  expect_refused(kRule, anonymous().with("Authorization", ""), Errc::unauthenticated);
}

TEST_F(AuthenticatorTest, DoesNotPassOverAWrongTokenForASignature) {
  expect_refused(&Authenticator::player_data, signed_by_game().with("Authorization", "Bearer wrong"),
                 Errc::unauthenticated);
}

TEST_F(AuthenticatorTest, ReadsTheSchemeInAnyCase) {
  expect_kind(&Authenticator::player_data, anonymous().with("authorization", "bearer   api-token-1"), Kind::api_token);
}

TEST_F(AuthenticatorTest, AdmitsNobodyByAnEmptyToken) {
  tokens_ = {};
  for (const Rule rule : {&Authenticator::player_data, &Authenticator::admin}) {
    expect_refused(rule, bearer(""), Errc::unauthenticated);
    expect_refused(rule, anonymous(), Errc::unauthenticated);
  }
  const auto closed = ask(&Authenticator::admin, anonymous(), tokens_);
  EXPECT_TRUE(closed.error().message.contains("no ADMIN_TOKEN"));
}

TEST_F(AuthenticatorTest, OpensLeaderboardsToAnybodyWhenPublic) {
  constexpr Rule kRule = &Authenticator::leaderboard;
  expect_kind(kRule, anonymous(), Kind::anonymous);
  tokens_.public_leaderboard = false;
  expect_refused(kRule, anonymous(), Errc::unauthenticated);
  expect_kind(kRule, bearer("api-token-1"), Kind::api_token);
  expect_kind(kRule, signed_by_game(), Kind::signing_key);
}

TEST_F(AuthenticatorTest, KeepsOperatorRoutesForTheAdminToken) {
  constexpr Rule kRule = &Authenticator::admin;
  expect_kind(kRule, bearer("admin-token-1"), Kind::admin_token);
  expect_refused(kRule, bearer("api-token-1"), Errc::forbidden);
  expect_refused(kRule, signed_by_game(), Errc::forbidden);
  expect_refused(kRule, badly_signed(), Errc::unauthenticated);
  expect_refused(kRule, bearer("wrong"), Errc::unauthenticated);
  expect_refused(kRule, anonymous(), Errc::unauthenticated);
}

}  // namespace
}  // namespace liveops::core::auth
