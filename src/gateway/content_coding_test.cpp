#include "gateway/content_coding.hpp"

#include <gtest/gtest.h>

#include "gateway/test_gateway.hpp"

namespace liveops::gateway {
namespace {

using test::gzip;

constexpr std::size_t kLimit = 1000;

TEST(ContentCoding, PassesAnUncodedBodyOnWithoutCopying) {
  const std::string body = "{}";
  EXPECT_EQ(decode_body("", body, kLimit)->view().data(), body.data());
  EXPECT_EQ(decode_body("Identity", body, kLimit)->view().data(), body.data());
}

TEST(ContentCoding, UnpacksGzipUnderBothOfItsNames) {
  EXPECT_EQ(decode_body("gzip", gzip("hello"), kLimit)->view(), "hello");
  EXPECT_EQ(decode_body("X-GZIP", gzip("hello"), kLimit)->view(), "hello");
  EXPECT_EQ(gunzip(gzip(""), kLimit), "");
}

TEST(ContentCoding, KeepsItsTextWhenMoved) {
  auto body = decode_body("gzip", gzip("hi"), kLimit);
  const auto moved = std::move(*body);
  EXPECT_EQ(moved.view(), "hi");
}

TEST(ContentCoding, TakesSeveralMembersAsOneBody) {
  EXPECT_EQ(gunzip(gzip("one ") + gzip("") + gzip("two"), kLimit), "one two");
}

TEST(ContentCoding, LimitsTheUnpackedSizeToTheByte) {
  EXPECT_TRUE(gunzip(gzip(std::string(kLimit, 'x')), kLimit));
  EXPECT_EQ(gunzip(gzip(std::string(kLimit + 1, 'x')), kLimit).error(), CodingFault::too_large);
  EXPECT_EQ(gunzip(gzip(std::string(600, 'x')) + gzip(std::string(600, 'x')), kLimit).error(), CodingFault::too_large);
  EXPECT_EQ(decode_body("", std::string(kLimit + 1, 'x'), kLimit).error(), CodingFault::too_large);
}

TEST(ContentCoding, StopsABombAtTheLimit) {
  const auto bomb = gzip(std::string(64 * 1024 * 1024, '\0'));
  ASSERT_LT(bomb.size(), 512U * 1024U);
  EXPECT_EQ(gunzip(bomb, 1024 * 1024).error(), CodingFault::too_large);
}

TEST(ContentCoding, RefusesWhatIsNotWholeGzip) {
  const auto packed = gzip("some text that is packed");
  for (std::size_t size = 0; size < packed.size(); ++size) {
    EXPECT_EQ(gunzip(packed.substr(0, size), kLimit).error(), CodingFault::corrupt) << size;
  }
  EXPECT_EQ(gunzip("plain text", kLimit).error(), CodingFault::corrupt);
  EXPECT_EQ(gunzip(packed + "tail", kLimit).error(), CodingFault::corrupt);
  auto wrong_checksum = packed;
  wrong_checksum[wrong_checksum.size() - 6] ^= 1;
  EXPECT_EQ(gunzip(wrong_checksum, kLimit).error(), CodingFault::corrupt);
}

TEST(ContentCoding, KnowsNoOtherCoding) {
  for (const auto* coding : {"br", "deflate", "gzip, gzip", "zstd"}) {
    EXPECT_EQ(decode_body(coding, "x", kLimit).error(), CodingFault::unsupported) << coding;
  }
}

}  // namespace
}  // namespace liveops::gateway
