#include "adapters/http/route_table.hpp"

#include <gtest/gtest.h>

namespace liveops::adapters::http {
namespace {

ports::Route route(std::string method, std::string path) {
  return {.method = std::move(method), .path = std::move(path)};
}

RouteTable table() {
  return RouteTable({route("GET", "/players/{id}/progress"), route("GET", "/leaderboard/players/{id}"),
                     route("GET", "/leaderboard/players/top"), route("POST", "/leaderboard/{what}/x"),
                     route("GET", "/leaderboard"), route("POST", "/leaderboard")});
}

std::string template_of(const RouteTable& routes, std::string_view path, std::vector<std::string>& params) {
  const auto found = routes.find(path, params);
  return found.entry == nullptr ? "" : found.entry->path_template;
}

TEST(RouteTable, PlaceholdersTakeOneWholeSegmentDecoded) {
  const auto routes = table();
  std::vector<std::string> params;
  EXPECT_EQ(template_of(routes, "/players/p%2D42/progress", params), "/players/{id}/progress");
  EXPECT_EQ(params, std::vector<std::string>{"p-42"});
  EXPECT_EQ(template_of(routes, "/players/a/b/progress", params), "");
  EXPECT_EQ(template_of(routes, "/players//progress", params), "");
  EXPECT_EQ(template_of(routes, "/players/a/progress/", params), "");
}

TEST(RouteTable, LiteralSegmentsWinOverPlaceholders) {
  const auto routes = table();
  std::vector<std::string> params;
  EXPECT_EQ(template_of(routes, "/leaderboard/players/top", params), "/leaderboard/players/top");
  EXPECT_EQ(template_of(routes, "/leaderboard/players/x", params), "/leaderboard/players/{id}");
  EXPECT_EQ(template_of(routes, "/leaderboard/other/x", params), "/leaderboard/{what}/x");
}

TEST(RouteTable, ABrokenEscapeIsTold) {
  const auto routes = table();
  std::vector<std::string> params;
  EXPECT_TRUE(routes.find("/players/%zz/progress", params).bad_escape);
}

TEST(RouteTable, AllowNamesEveryMethodOfThePath) {
  const auto routes = table();
  std::vector<std::string> params;
  EXPECT_EQ(routes.find("/leaderboard", params).entry->allow, "GET, HEAD, POST, OPTIONS");
}

TEST(RouteTable, OddPathsAreNotFound) {
  const auto routes = table();
  std::vector<std::string> params;
  for (const auto* path : {"", "*", "players", "//", "/", "/players"}) {
    EXPECT_EQ(template_of(routes, path, params), "") << path;
  }
}

TEST(RouteTable, RoutesThatCannotWorkAreRefused) {
  EXPECT_THROW(RouteTable({route("GET", "/a"), route("GET", "/a")}), std::invalid_argument);
  EXPECT_THROW(RouteTable({route("GET", "a")}), std::invalid_argument);
  EXPECT_THROW(RouteTable({route("GET", "/a/{id")}), std::invalid_argument);
  EXPECT_THROW(RouteTable({route("GET", "/a/x{id}")}), std::invalid_argument);
}

}  // namespace
}  // namespace liveops::adapters::http
