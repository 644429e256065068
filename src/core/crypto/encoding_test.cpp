#include "core/crypto/encoding.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <utility>

namespace liveops::core::crypto {
namespace {

// RFC 4648 section 10.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kBase64Vectors{{{"", ""},
                                                                                       {"f", "Zg=="},
                                                                                       {"fo", "Zm8="},
                                                                                       {"foo", "Zm9v"},
                                                                                       {"foob", "Zm9vYg=="},
                                                                                       {"fooba", "Zm9vYmE="},
                                                                                       {"foobar", "Zm9vYmFy"}}};

std::string_view without_padding(std::string_view text) {
  return text.substr(0, text.find('='));
}

TEST(Hex, GivesTheVectorsOfRfc4648) {
  EXPECT_EQ(to_hex("foobar"), "666f6f626172");
  EXPECT_EQ(from_hex("666F6f626172"), "foobar");
  EXPECT_EQ(to_hex(""), "");
  EXPECT_EQ(from_hex(""), "");
}

TEST(Hex, RefusesOddLengthAndOtherCharacters) {
  for (const std::string_view text : {"6", "666", "6g", "g6", "0x66", " 6", "6\xFF"}) {
    EXPECT_EQ(from_hex(text), std::nullopt) << text;
  }
}

TEST(Base64, GivesTheVectorsOfRfc4648) {
  for (const auto& [bytes, text] : kBase64Vectors) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
    EXPECT_EQ(from_base64(without_padding(text)), bytes);
  }
}

TEST(Base64, RefusesWrongLengthPaddingAndCharacters) {
  for (const std::string_view text :
       {"Z", "Zg=", "Zm9vY", "Zg===", "====", "=", "Z=g=", "Zm9v====", "Zm-_", "Zm 9", "Zm9\n", "Zm9\x80"}) {
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
  }
}

TEST(Base64, IgnoresUnusedBitsOfTheLastDigit) {
  EXPECT_EQ(from_base64("Zh=="), "f");
}

TEST(Base64Url, GivesTheVectorsOfRfc4648WithoutPadding) {
  for (const auto& [bytes, text] : kBase64Vectors) {
    EXPECT_EQ(to_base64url(bytes), without_padding(text));
    EXPECT_EQ(from_base64url(without_padding(text)), bytes);
  }
  EXPECT_EQ(to_base64url("\xFB\xFF\xBF"), "-_-_");
  EXPECT_EQ(to_base64("\xFB\xFF\xBF"), "+/+/");
}

TEST(Base64Url, RefusesPaddingOtherCharactersAndUnusedBits) {
  for (const std::string_view text : {"Zg==", "Zm8=", "Z", "+/+/", "Zm 9", "Zh", "Zm9"}) {
    EXPECT_EQ(from_base64url(text), std::nullopt) << text;
  }
}

TEST(Encoding, ReadsBackWhateverItWrites) {
  EXPECT_TRUE(rc::check("round trip", [](const std::string& bytes) {
    RC_ASSERT(from_hex(to_hex(bytes)) == bytes);
    RC_ASSERT(from_base64(to_base64(bytes)) == bytes);
    RC_ASSERT(from_base64url(to_base64url(bytes)) == bytes);
  }));
}

}  // namespace
}  // namespace liveops::core::crypto
