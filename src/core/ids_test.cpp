#include "core/ids.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

namespace liveops::core {
namespace {

TEST(Name, TakesEveryCharacterOfItsAlphabet) {
  EXPECT_TRUE(is_valid_name("abcxyzABCXYZ0189._:-"));
  EXPECT_TRUE(is_valid_name("a"));
  EXPECT_TRUE(is_valid_name(std::string(64, 'x')));
}

TEST(Name, RefusesEmptyLongAndForeignText) {
  for (const std::string& text : {std::string(), std::string(65, 'x'), std::string("a b"), std::string("a/b"),
                                  std::string("\xC3\xA9"), std::string("a\0b", 3), std::string("a\n")}) {
    const auto name = PlayerId::parse(text);
    ASSERT_FALSE(name) << text;
    EXPECT_EQ(name.error().code, Errc::invalid_argument);
  }
}

TEST(Name, KeepsItsTextAndItsOrder) {
  EXPECT_EQ(PlayerId::parse("p-42")->str(), "p-42");
  EXPECT_LT(PlayerId::trusted("a"), PlayerId::trusted("b"));
}

TEST(EventId, IsTheHeadOfTheHashWithVersionAndVariantSet) {
  // printf 'default\0order-1' | sha256sum, with the version nibble and the variant bits of RFC 9562 section 5.8 written
  // over.
  const EventId id = EventId::derive(KeyId::trusted("default"), "order-1");
  EXPECT_EQ(id.str(), "2a2d1d62-a541-8a29-bd6c-31d59f9308e0");
}

TEST(EventId, IsTheSameForEveryRetry) {
  const KeyId key = KeyId::trusted("default");
  EXPECT_EQ(EventId::derive(key, "order-1"), EventId::derive(key, "order-1"));
  EXPECT_NE(EventId::derive(key, "order-1"), EventId::derive(key, "order-2"));
  EXPECT_NE(EventId::derive(key, "order-1"), EventId::derive(KeyId::trusted("other"), "order-1"));
}

TEST(EventId, KeepsKeyAndIdempotencyKeyApart) {
  EXPECT_NE(EventId::derive(KeyId::trusted("ab"), "c"), EventId::derive(KeyId::trusted("a"), "bc"));
}

TEST(EventId, CarriesVersion8AndTheRfcVariantForAnyKey) {
  EXPECT_TRUE(rc::check("version and variant", [](const std::string& idempotency_key) {
    const EventId id = EventId::derive(KeyId::trusted("k"), idempotency_key);
    RC_ASSERT((id.bytes()[6] >> 4U) == 8U);
    RC_ASSERT((id.bytes()[8] >> 6U) == 2U);
  }));
}

TEST(EventId, ReadsWhatItWrites) {
  EXPECT_TRUE(rc::check("round trip", [](const EventId::Bytes& bytes) {
    const EventId id(bytes);
    const auto read = EventId::parse(id.str());
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == id);
  }));
}

TEST(EventId, ReadsUpperCase) {
  const std::string lower = "00112233-4455-8677-8899-aabbccddeeff";
  std::string upper = lower;
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  EXPECT_EQ(EventId::parse(upper)->str(), lower);
}

TEST(EventId, RefusesWhatIsNoUuid) {
  for (const std::string_view text :
       {"", "00112233-4455-8677-8899-aabbccddeef", "00112233-4455-8677-8899-aabbccddeefff",
        "00112233445586778899aabbccddeeff----", "0011223344-55-8677-8899-aabbccddeeff",
        "0011223g-4455-8677-8899-aabbccddeeff", "{0112233-4455-8677-8899-aabbccddeef}"}) {
    const auto id = EventId::parse(text);
    ASSERT_FALSE(id) << text;
    EXPECT_EQ(id.error().code, Errc::invalid_argument);
  }
}

}  // namespace
}  // namespace liveops::core
