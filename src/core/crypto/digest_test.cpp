#include "core/crypto/digest.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/crypto/encoding.hpp"

namespace liveops::core::crypto {
namespace {

std::string hex(const Sha256Digest& digest) {
  return to_hex(as_bytes(digest));
}

TEST(Sha256, GivesTheVectorsOfFips180) {
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hex(sha256(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, IsTheSameHoweverTheInputIsCut) {
  EXPECT_TRUE(rc::check("cuts", [](const std::vector<std::string>& pieces) {
    Sha256 streaming;
    std::string whole;
    for (const std::string& piece : pieces) {
      streaming.update(piece);
      whole += piece;
    }
    RC_ASSERT(streaming.finish() == sha256(whole));
  }));
}

struct HmacVector {
  std::string key;
  std::string data;
  std::string mac;  // hex; case 5 is truncated to 128 bits
};

std::vector<HmacVector> rfc4231_vectors() {
  return {
      {std::string(20, '\x0b'), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {std::string(20, '\xaa'), std::string(50, '\xdd'),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {*from_hex("0102030405060708090a0b0c0d0e0f10111213141516171819"), std::string(50, '\xcd'),
       "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {std::string(20, '\x0c'), "Test With Truncation", "a3b6167473100ee06e0c796c2955552b"},
      {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {std::string(131, '\xaa'),
       "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
       "hashed before being used by the HMAC algorithm.",
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
  };
}

TEST(Hmac, GivesTheVectorsOfRfc4231) {
  for (const HmacVector& vector : rfc4231_vectors()) {
    EXPECT_EQ(hex(hmac_sha256(vector.key, vector.data)).substr(0, vector.mac.size()), vector.mac);
  }
}

TEST(Hmac, ServesManyMessagesFromOnePreparedKey) {
  const HmacKey key("Jefe");
  const std::array<std::string_view, 3> parts{"what do ya want ", "", "for nothing?"};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(hex(key.sign(parts)), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  }
}

TEST(Hmac, TakesAKeyOfExactlyOneBlockAsItIs) {
  const std::string block(64, 'k');
  EXPECT_NE(hmac_sha256(block, "m"), hmac_sha256(as_bytes(sha256(block)), "m"));
  const std::string longer(65, 'k');
  EXPECT_EQ(hmac_sha256(longer, "m"), hmac_sha256(as_bytes(sha256(longer)), "m"));
}

TEST(Hmac, MovesWithItsKey) {
  HmacKey key("other");
  key = HmacKey("Jefe");
  const HmacKey moved = std::move(key);
  const std::string_view data = "what do ya want for nothing?";
  EXPECT_EQ(moved.sign(std::span(&data, 1)), hmac_sha256("Jefe", data));
}

TEST(ConstantTime, TellsEqualFromUnequal) {
  EXPECT_TRUE(equal_constant_time("", ""));
  EXPECT_TRUE(equal_constant_time("same", "same"));
  EXPECT_FALSE(equal_constant_time("same", "samE"));
  EXPECT_FALSE(equal_constant_time("same", "Same"));
  EXPECT_FALSE(equal_constant_time("same", "sam"));
  EXPECT_FALSE(equal_constant_time("", "x"));
}

TEST(RandomBytes, AreAsManyAsAskedAndNotTheSameTwice) {
  EXPECT_EQ(random_bytes(0).size(), 0U);
  EXPECT_EQ(random_bytes(32).size(), 32U);
  EXPECT_NE(random_bytes(32), random_bytes(32));
}

}  // namespace
}  // namespace liveops::core::crypto
