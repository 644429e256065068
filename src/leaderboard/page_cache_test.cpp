#include "leaderboard/page_cache.hpp"

#include <gtest/gtest.h>

namespace liveops::leaderboard {
namespace {

TEST(PageCache, GivesAPageBackOnlyForItsChangeCount) {
  PageCache cache(10'000);
  cache.put("k", 5, "page");
  EXPECT_EQ(cache.find("k", 5), "page");
  EXPECT_EQ(cache.find("k", 6), std::nullopt);
  cache.put("k", 6, "next");
  EXPECT_EQ(cache.find("k", 6), "next");
  EXPECT_EQ(cache.find("other", 6), std::nullopt);
}

TEST(PageCache, StaysWithinItsBytes) {
  PageCache cache(1000);
  cache.put("big", 1, std::string(2000, 'x'));
  EXPECT_EQ(cache.find("big", 1), std::nullopt);
  cache.put("a", 1, std::string(500, 'x'));
  cache.put("b", 1, std::string(500, 'x'));
  EXPECT_EQ(cache.find("a", 1), std::nullopt) << "it started afresh";
  EXPECT_NE(cache.find("b", 1), std::nullopt);
}

}  // namespace
}  // namespace liveops::leaderboard
