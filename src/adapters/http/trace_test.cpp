#include "adapters/http/trace.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace liveops::adapters::http {
namespace {

constexpr std::string_view kValid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(Trace, MadeTraceparentsAreValidAndDiffer) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    TraceStorage storage;
    const auto made = make_traceparent(storage);
    EXPECT_TRUE(is_valid_traceparent(made)) << made;
    EXPECT_TRUE(seen.emplace(made).second);
    EXPECT_TRUE(seen.emplace(make_request_id(storage)).second);
  }
}

TEST(Trace, TraceparentFollowsTheW3CRules) {
  EXPECT_TRUE(is_valid_traceparent(kValid));
  EXPECT_TRUE(is_valid_traceparent("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-comes"));
  EXPECT_TRUE(is_valid_traceparent("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
  for (const std::string_view bad : {"", "00", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                                     "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                                     "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                                     "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                                     "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x",
                                     "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                                     "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more",
                                     "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}) {
    EXPECT_FALSE(is_valid_traceparent(bad)) << bad;
  }
}

TEST(Trace, RequestIdsAreUpTo128VisibleCharacters) {
  EXPECT_TRUE(is_valid_request_id(std::string(128, 'x')));
  for (const std::string& bad : {std::string(), std::string(129, 'x'), std::string("a b"), std::string("a\x80")}) {
    EXPECT_FALSE(is_valid_request_id(bad));
  }
}

}  // namespace
}  // namespace liveops::adapters::http
