#include "leaderboard/routes.hpp"

#include <gtest/gtest.h>

#include "tests/contract/leaderboard/service.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

constexpr const char* kNow = "2026-11-22T12:00:00Z";

class LeaderboardRoutes : public ::testing::TestWithParam<contract::StoresAdapter> {
 protected:
  void SetUp() override {
    service_.take_in({played(1, "a", 5, "2026-11-22T10:00:00.5Z"), played(2, "b", 9, "2026-11-22T10:00:01Z"),
                      played(3, "c", 2, "2026-11-22T10:00:02Z")});
  }
  static bool has(const core::http::Response& response, std::string_view text) {
    return response.body.find(text) != std::string::npos;
  }

  std::unique_ptr<contract::StoresFixture> stores_ = GetParam().make();
  Service service_{*stores_, sample_rules(), kNow};
};

TEST_P(LeaderboardRoutes, TopHasTheDocumentedShape) {
  const auto response = service_.get("/leaderboard", "limit=2");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(response.body,
            R"({"board":"score","window":"daily","period":"2026-11-22","opens_at":"2026-11-22T00:00:00Z",)"
            R"("closes_at":"2026-11-23T00:00:00Z","total":3,"entries":[)"
            R"({"rank":1,"player_id":"b","score":9,"achieved_at":"2026-11-22T10:00:01Z"},)"
            R"({"rank":2,"player_id":"a","score":5,"achieved_at":"2026-11-22T10:00:00.500Z"}]})");
}

TEST_P(LeaderboardRoutes, EmptyBoardOfThePresentIsNoError) {
  const auto response = service_.get("/leaderboard", "board=speed");
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(has(response, R"("total":0,"entries":[]})")) << response.body;
}

TEST_P(LeaderboardRoutes, UnknownNamesAre404WithWhatExists) {
  const auto board = service_.get("/leaderboard", "board=nope");
  EXPECT_EQ(board.status, 404);
  EXPECT_EQ(board.content_type, "application/problem+json");
  EXPECT_TRUE(has(board, "boards: score, xp, speed")) << board.body;
  const auto window = service_.get("/leaderboard", "window=hourly");
  EXPECT_EQ(window.status, 404);
  EXPECT_TRUE(has(window, "daily, weekly, seasonal")) << window.body;
  EXPECT_EQ(service_.get("/leaderboard", "period=nonsense").status, 404);
  EXPECT_EQ(service_.get("/leaderboard", "period=2027-01-01").status, 404);
  const auto past = service_.get("/leaderboard", "period=2026-11-10");
  EXPECT_EQ(past.status, 404);
  EXPECT_TRUE(has(past, "latest periods: 2026-11-22")) << past.body;
}

TEST_P(LeaderboardRoutes, EveryBadParameterIsNamed) {
  for (const char* query : {"limit=0", "limit=1001", "limit=ten", "limit=-1", "limit=", "offset=-1", "offset=1e3"}) {
    EXPECT_EQ(service_.get("/leaderboard", query).status, 400) << query;
  }
  const auto both = service_.get("/leaderboard", "limit=0&offset=x");
  EXPECT_TRUE(has(both, "#/limit") && has(both, "#/offset")) << both.body;
  EXPECT_EQ(service_.get("/leaderboard/around", "").status, 400);
  EXPECT_EQ(service_.get("/leaderboard/around", "player_id=no%20name").status, 400);
  EXPECT_EQ(service_.get("/leaderboard/players/{id}", "", "no name").status, 400);
}

TEST_P(LeaderboardRoutes, AroundShowsThePlayerAndNeighbours) {
  const auto response = service_.get("/leaderboard/around", "player_id=a&radius=1");
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(has(response, R"({"player_id":"a","board":"score")")) << response.body;
  EXPECT_TRUE(has(response, R"("rank":1,"player_id":"b")") && has(response, R"("rank":3,"player_id":"c")"));
  EXPECT_EQ(service_.get("/leaderboard/around", "player_id=nobody").status, 404);
}

TEST_P(LeaderboardRoutes, PlayerSeesAllWindowsOfAllBoardsWithPercentile) {
  const auto response = service_.get("/leaderboard/players/{id}", "", "a");
  EXPECT_EQ(response.status, 200);
  for (const char* window : {"daily", "weekly", "seasonal"}) {
    EXPECT_TRUE(has(response, R"({"board":"xp","window":")" + std::string(window))) << response.body;
  }
  EXPECT_TRUE(has(response, R"("total":3,"percentile":66.66,"entry":{"rank":2,"player_id":"a","score":5)"));
  EXPECT_TRUE(has(service_.get("/leaderboard/players/{id}", "", "b"), R"("percentile":100,)"));
  const auto one = service_.get("/leaderboard/players/{id}", "board=xp", "a");
  EXPECT_FALSE(has(one, R"("board":"score")"));
  const auto nobody = service_.get("/leaderboard/players/{id}", "", "nobody");
  EXPECT_EQ(nobody.status, 404);
  EXPECT_TRUE(has(nobody, "boards: score, xp, speed")) << nobody.body;
}

TEST_P(LeaderboardRoutes, RanksOfFriendsNameWhoIsMissing) {
  const auto response = service_.post("/leaderboard/ranks", R"({"player_ids":["c","x","b"],"board":"xp"})");
  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_TRUE(has(response, R"("entries":[{"rank":3,"player_id":"c")")) << response.body;
  EXPECT_TRUE(has(response, R"("missing":["x"]})"));
}

TEST_P(LeaderboardRoutes, BadRanksBodiesAreRefusedWithPointers) {
  EXPECT_TRUE(has(service_.post("/leaderboard/ranks", "{"), "not valid JSON"));
  EXPECT_EQ(service_.post("/leaderboard/ranks", "[]").status, 400);
  EXPECT_TRUE(has(service_.post("/leaderboard/ranks", "{}"), "#/player_ids"));
  EXPECT_TRUE(has(service_.post("/leaderboard/ranks", R"({"player_ids":["a",7,"b c"]})"), "#/player_ids/2"));
  EXPECT_TRUE(has(service_.post("/leaderboard/ranks", R"({"player_ids":["a"],"bord":"xp"})"), "unknown field"));
  std::string many = R"({"player_ids":["a")";
  for (int i = 0; i < 100; ++i) many += R"(,"a")";
  EXPECT_EQ(service_.post("/leaderboard/ranks", many + "]}").status, 400);
  EXPECT_EQ(service_.post("/leaderboard/ranks", R"({"player_ids":["a"],"window":"hourly"})").status, 404);
}

TEST_P(LeaderboardRoutes, WindowsTellServerTimeAndBounds) {
  const auto response = service_.get("/leaderboard/windows");
  EXPECT_TRUE(
      has(response, R"({"server_time":"2026-11-22T12:00:00Z","time_zone":"UTC","boards":["score","xp","speed"])"));
  EXPECT_TRUE(has(response, R"({"window":"weekly","period":"2026-11-16","opens_at":"2026-11-16T00:00:00Z",)"
                            R"("closes_at":"2026-11-23T00:00:00Z"})"))
      << response.body;
  EXPECT_TRUE(has(response, R"("window":"seasonal","period":"s1")")) << response.body;
}

TEST_P(LeaderboardRoutes, SnapshotsAreListedAndReadWithTheirRows) {
  run(service_.service.snapshotter().run()).value();
  service_.clock.set(time("2026-11-23T12:00:00Z"));
  service_.seal().value();
  const auto list = service_.get("/leaderboard/snapshots", "board=score&window=daily");
  EXPECT_EQ(list.status, 200);
  EXPECT_TRUE(has(list, R"("snapshots":[{"id":"score:daily:2026-11-22:r1","board":"score")")) << list.body;
  EXPECT_TRUE(has(list, R"("sealed":true,"revision":1,"total":3,"rows":3,"sha256":")"));
  EXPECT_TRUE(has(list, R"("sealed":false,"revision":0)"));
  const auto one = service_.get("/leaderboard/snapshots/{id}", "limit=1&offset=1", "score:daily:2026-11-22:r1");
  EXPECT_TRUE(has(one, R"("entries":[{"rank":2,"player_id":"a","score":5,"achieved_at":"2026-11-22T10:00:00.500Z"}]})"))
      << one.body;
  EXPECT_EQ(service_.get("/leaderboard/snapshots/{id}", "", "nope").status, 404);
  EXPECT_EQ(service_.get("/leaderboard/snapshots", "window=hourly").status, 404);
  EXPECT_TRUE(has(service_.get("/leaderboard/snapshots", "period=2020-01-01"), R"("snapshots":[])"));
}

TEST_P(LeaderboardRoutes, StoreThatIsAwayIs503) {
  service_.trouble.plan(0, false);
  EXPECT_EQ(service_.get("/leaderboard/snapshots").status, 503);
  service_.trouble.plan(0, false);
  EXPECT_EQ(service_.post("/leaderboard/rebuild", "").status, 503);
}

TEST_P(LeaderboardRoutes, OnlyTheRebuildNeedsAnAdminAndTheReasonsOfRevisionsAPlayersReader) {
  for (const auto& route : leaderboard::routes(service_.service)) {
    auto expected = ports::Access::leaderboard;
    if (route.path == "/leaderboard/rebuild") expected = ports::Access::admin;
    if (route.path == "/leaderboard/snapshots/{id}/changes") expected = ports::Access::player_data;
    EXPECT_EQ(route.access, expected) << route.path;
  }
}

INSTANTIATE_TEST_SUITE_P(Adapters, LeaderboardRoutes, ::testing::ValuesIn(contract::stores_adapters()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace liveops::test
