#include "core/auth/key_ring.hpp"

#include <gtest/gtest.h>

#include "core/crypto/encoding.hpp"

namespace liveops::core::auth {
namespace {

const std::string kSecret(32, 'a');
const std::string kOther(40, 'b');

/// Why these settings are refused.
std::string refusal(std::string_view hmac_secret, std::string_view hmac_keys) {
  const auto ring = KeyRing::parse(hmac_secret, hmac_keys);
  EXPECT_FALSE(ring.has_value());
  if (ring) return {};
  EXPECT_EQ(ring.error().code, Errc::invalid_argument);
  return ring.error().message;
}

TEST(KeyRing, NamesTheSingleSecretDefault) {
  const auto ring = KeyRing::parse(kSecret, "");
  ASSERT_TRUE(ring);
  ASSERT_EQ(ring->keys().size(), 1U);
  EXPECT_EQ(ring->keys()[0].id.str(), "default");
  EXPECT_EQ(ring->keys()[0].secret, kSecret);
}

TEST(KeyRing, HoldsSeveralKeysInOrder) {
  const auto ring = KeyRing::parse(kSecret, " game-1 : " + kOther + " , game-2:" + kSecret + ":x,\n");
  ASSERT_TRUE(ring) << ring.error().message;
  ASSERT_EQ(ring->keys().size(), 3U);
  EXPECT_EQ(ring->keys()[0].id.str(), "default");
  EXPECT_EQ(ring->find("game-1")->secret, kOther);
  EXPECT_EQ(ring->find("game-2")->secret, kSecret + ":x");
  EXPECT_EQ(ring->find("game-3"), nullptr);
}

TEST(KeyRing, DecodesWebhookSecrets) {
  const auto ring = KeyRing::parse("", "hooks:whsec_" + crypto::to_base64(kSecret));
  ASSERT_TRUE(ring);
  EXPECT_EQ(ring->find("hooks")->secret, kSecret);
}

TEST(KeyRing, RefusesToBeEmpty) {
  EXPECT_TRUE(refusal("", "").contains("HMAC_SECRET"));
  EXPECT_TRUE(refusal(" \n", "  ").contains("HMAC_SECRET"));
}

TEST(KeyRing, RefusesShortSecrets) {
  EXPECT_TRUE(refusal(std::string(31, 'a'), "").contains("31 bytes"));
  EXPECT_TRUE(refusal("", "a:" + kSecret + ",b:short").contains("entry 2"));
  EXPECT_TRUE(refusal("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "").contains("24 bytes"));
}

TEST(KeyRing, RefusesBrokenEntries) {
  EXPECT_TRUE(refusal("", "no-colon-but-quite-long-enough-for-a-secret").contains("id:secret"));
  EXPECT_TRUE(refusal("", ":" + kSecret).contains("key id"));
  EXPECT_TRUE(refusal("", "a b:" + kSecret).contains("key id"));
  EXPECT_TRUE(refusal("", "a:" + kSecret + ",,b:" + kSecret).contains("entry 2"));
  EXPECT_TRUE(refusal("whsec_***", "").contains("base64"));
}

TEST(KeyRing, RefusesAnIdThatIsThereTwice) {
  EXPECT_TRUE(refusal("", "a:" + kSecret + ",a:" + kOther).contains("'a' is there twice"));
  EXPECT_TRUE(refusal(kSecret, "default:" + kOther).contains("'default' is there twice"));
}

TEST(KeyRing, NeverTellsASecret) {
  const std::string secret = "tell-nobody-";
  for (const std::string& keys : {"a:" + secret, secret + secret + secret, "a:" + kSecret + "," + secret,
                                  "a:whsec_" + secret + "!", "a b:" + secret}) {
    EXPECT_FALSE(refusal("", keys).contains(secret)) << keys;
    EXPECT_FALSE(refusal(secret, "").contains(secret));
  }
}

}  // namespace
}  // namespace liveops::core::auth
