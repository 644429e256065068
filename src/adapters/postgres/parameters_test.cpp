#include "adapters/postgres/parameters.hpp"

#include <gtest/gtest.h>

#include <array>

namespace liveops::adapters::postgres {
namespace {

TEST(Parameters, AreWrittenInTheServersTextFormat) {
  Parameters p;
  p.add(std::int64_t{-5}).add(true).add(0.1).add_text("a'b").add_bytes(std::string_view("\x00\xff", 2)).add_null();
  ASSERT_EQ(p.size(), 6U);
  EXPECT_STREQ(p.c_str(0), "-5");
  EXPECT_STREQ(p.c_str(1), "t");
  EXPECT_STREQ(p.c_str(2), "0.1");
  EXPECT_STREQ(p.c_str(3), "a'b");
  EXPECT_STREQ(p.c_str(4), "\\x00ff");
  EXPECT_EQ(p.c_str(5), nullptr);
}

TEST(Parameters, OptionalWithoutAValueIsNull) {
  Parameters p;
  p.add_optional(7).add_optional(std::nullopt);
  EXPECT_STREQ(p.c_str(0), "7");
  EXPECT_EQ(p.c_str(1), nullptr);
}

TEST(Parameters, ArrayIsOneValue) {
  Parameters p;
  p.add_array(std::array<std::int64_t, 3>{1, -2, 3}).add_array(std::array<std::int64_t, 0>{});
  p.add_array(std::array<std::optional<std::int64_t>, 2>{4, std::nullopt});
  EXPECT_STREQ(p.c_str(0), "{1,-2,3}");
  EXPECT_STREQ(p.c_str(1), "{}");
  EXPECT_STREQ(p.c_str(2), "{4,NULL}");
}

TEST(Parameters, ElementsOfATextArrayCannotBreakOut) {
  Parameters p;
  p.add_text_array(std::array<std::string_view, 4>{"NULL", R"({"a":"\"}")", "", "x,y"});
  EXPECT_STREQ(p.c_str(0), R"({"NULL","{\"a\":\"\\\"}\"","","x,y"})");
}

TEST(Parameters, BytesInAnArrayAreHex) {
  Parameters p;
  p.add_bytes_array(std::array<std::string_view, 2>{"\x01\xab", ""});
  EXPECT_STREQ(p.c_str(0), R"({"\\x01ab","\\x"})");
}

}  // namespace
}  // namespace liveops::adapters::postgres
