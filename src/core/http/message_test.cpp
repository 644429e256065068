#include "core/http/message.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>

#include "core/crypto/encoding.hpp"

namespace liveops::core::http {
namespace {

TEST(Request, FindsTheFirstHeaderInAnyCase) {
  const std::array<HeaderView, 3> headers{{{"X-Key-Id", "a"}, {"x-key-id", "b"}, {"X-Empty", ""}}};
  Request request;
  request.headers = headers;
  EXPECT_EQ(request.header("x-KEY-id"), "a");
  EXPECT_EQ(request.header("X-Empty"), "");
  EXPECT_TRUE(request.has_header("x-empty"));
  EXPECT_EQ(request.header("X-Key"), "");
  EXPECT_FALSE(request.has_header("X-Key"));
}

TEST(Request, DecodesQueryParameters) {
  Request request;
  request.query = "window=daily&player_id=a%3Ab&title=a+b%2B&&flag&empty=&window=weekly&k%65y=v=w";
  EXPECT_EQ(request.query_param("window"), "daily");
  EXPECT_EQ(request.query_param("player_id"), "a:b");
  EXPECT_EQ(request.query_param("title"), "a b+");
  EXPECT_EQ(request.query_param("flag"), "");
  EXPECT_EQ(request.query_param("empty"), "");
  EXPECT_EQ(request.query_param("key"), "v=w");
  EXPECT_EQ(request.query_param("other"), std::nullopt);
}

TEST(Request, HasNoParameterWithoutAQuery) {
  EXPECT_EQ(Request{}.query_param("window"), std::nullopt);
}

TEST(Request, GivesAValueWithABrokenEscapeAsSent) {
  Request request;
  request.query = "a=%zz+1&b=%4";
  EXPECT_EQ(request.query_param("a"), "%zz+1");
  EXPECT_EQ(request.query_param("b"), "%4");
}

TEST(PercentDecode, DecodesEscapesAndNothingElse) {
  EXPECT_EQ(percent_decode("p%2D4%2d2+x"), "p-4-2+x");
  EXPECT_EQ(percent_decode(""), "");
  EXPECT_EQ(percent_decode("%00"), std::string(1, '\0'));
  EXPECT_EQ(percent_decode("%25%32%35"), "%25");
}

TEST(PercentDecode, RefusesABrokenEscape) {
  for (const std::string_view text : {"%", "%4", "a%", "%4g", "%g4", "%%41", "% 1"}) {
    EXPECT_EQ(percent_decode(text), std::nullopt) << text;
  }
}

TEST(PercentDecode, UndoesTheEscapingOfAnyBytes) {
  EXPECT_TRUE(rc::check("round trip", [](const std::string& bytes) {
    std::string escaped;
    for (const char c : bytes) escaped.append("%").append(crypto::to_hex({&c, 1}));
    RC_ASSERT(percent_decode(escaped) == bytes);
  }));
}

TEST(EqualsIgnoreCase, FoldsLettersOnly) {
  EXPECT_TRUE(equals_ignore_case("Content-Type", "content-TYPE"));
  EXPECT_FALSE(equals_ignore_case("a", "ab"));
  EXPECT_FALSE(equals_ignore_case("[", "{"));
  EXPECT_FALSE(equals_ignore_case("@", "`"));
}

TEST(Response, CollectsHeaders) {
  Response response;
  response.with("A", "1").with("B", "2");
  EXPECT_EQ(response.headers.size(), 2U);
  EXPECT_EQ(response.headers[1].second, "2");
}

}  // namespace
}  // namespace liveops::core::http
