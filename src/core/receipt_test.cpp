#include "core/receipt.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "core/crypto/encoding.hpp"

namespace liveops::core {
namespace {

constexpr const char* kSecret = "0123456789abcdef0123456789abcdef";

Receipt sample() {
  return {.id = ReceiptId::trusted("r-1"),
          .issuer = "liveops",
          .player_id = PlayerId::trusted("p-42"),
          .reward_id = RewardId::trusted("dragon5"),
          .items = {{ItemId::trusted("gem"), 3}, {ItemId::trusted("axe:rare"), 1}},
          .season = SeasonId::trusted("s1"),
          .issued_at = Timestamp(std::chrono::seconds(1'790'000'000))};
}

class ReceiptTest : public ::testing::Test {
 protected:
  crypto::JwsSigner jws_ = crypto::JwsSigner::hs256("k1", kSecret).value();
  ReceiptSigner signer_{"liveops", jws_, kSecret};
};

TEST_F(ReceiptTest, ClaimsReadBackAsTheSameReceipt) {
  EXPECT_EQ(parse_claims(claims_json(sample())).value(), sample());
  auto without_season = sample();
  without_season.season = std::nullopt;
  EXPECT_EQ(claims_json(without_season).find("season"), std::string::npos);
  EXPECT_EQ(parse_claims(claims_json(without_season)).value(), without_season);
}

TEST_F(ReceiptTest, ClaimsOfSomethingElseAreRefused) {
  for (const char* text : {"", "[]", "{}", R"({"iss":"a","sub":"b"})",
                           R"({"iss":"a","sub":"b","jti":"c","iat":-1,"reward_id":"d","items":[]})",
                           R"({"iss":"a","sub":"b","jti":"c","iat":1e3,"reward_id":"d","items":[]})",
                           R"({"iss":"a","sub":"b","jti":"c","iat":9223372036854775807,"reward_id":"d","items":[]})",
                           R"({"iss":"a","sub":"b","jti":"c","iat":1,"reward_id":"d","items":[1]})",
                           R"({"iss":"a","sub":"b","jti":"c","iat":1,"reward_id":"d","items":[],"season":7})",
                           R"({"iss":"a","sub":"b c","jti":"c","iat":1,"reward_id":"d","items":[]})"}) {
    const auto parsed = parse_claims(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, Errc::invalid_argument);
  }
}

TEST_F(ReceiptTest, CanonicalTextIsAsDocumented) {
  EXPECT_EQ(canonical_text(sample()),
            "liveops-receipt-v1\nr-1\nliveops\np-42\ndragon5\ns1\n1790000000\ngem=3,axe:rare=1");
}

TEST_F(ReceiptTest, JsonFormCarriesTheSameFactsAndTheirHmac) {
  const auto form = boost::json::parse(signer_.sign(sample()).json).as_object();
  EXPECT_EQ(form.at("receipt_id").as_string(), "r-1");
  EXPECT_EQ(form.at("player_id").as_string(), "p-42");
  EXPECT_EQ(form.at("season").as_string(), "s1");
  EXPECT_EQ(form.at("issued_at").as_string(), "2026-09-21T14:13:20Z");
  EXPECT_EQ(form.at("items").as_array().size(), 2U);
  const auto mac = crypto::hmac_sha256(kSecret, canonical_text(sample()));
  EXPECT_EQ(form.at("hmac").as_string(), crypto::to_hex(crypto::as_bytes(mac)));
}

TEST_F(ReceiptTest, OwnTokenIsVerifiedAndGivesTheReceiptBack) {
  EXPECT_EQ(signer_.verify(signer_.sign(sample()).token).value(), sample());
}

TEST_F(ReceiptTest, TokenOfAnotherKeyOrIssuerIsUnauthenticated) {
  const auto other_key = crypto::JwsSigner::hs256("k1", std::string(32, 'x')).value();
  EXPECT_EQ(signer_.verify(ReceiptSigner("liveops", other_key, kSecret).sign(sample()).token).error().code,
            Errc::unauthenticated);
  auto foreign = sample();
  foreign.issuer = "somebody";
  EXPECT_EQ(signer_.verify(jws_.sign(claims_json(foreign))).error().code, Errc::unauthenticated);
}

TEST_F(ReceiptTest, TokenThatIsNoReceiptIsInvalid) {
  EXPECT_EQ(signer_.verify("nonsense").error().code, Errc::invalid_argument);
  EXPECT_EQ(signer_.verify(jws_.sign(R"({"hello":"world"})")).error().code, Errc::invalid_argument);
}

}  // namespace
}  // namespace liveops::core
