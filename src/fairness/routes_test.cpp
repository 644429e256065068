#include "fairness/routes.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "fairness/test_service.hpp"

namespace liveops::fairness {
namespace {

constexpr const char* kHonest = R"({"type":"progression","player_id":"p","payload":{"xp":10}})";
constexpr const char* kImpossible = R"({"type":"progression","player_id":"p","payload":{"xp":9999}})";

class FairnessRoutes : public test::ServiceTest {};

TEST_F(FairnessRoutes, AnHonestEventIsAllowed) {
  const auto response = call("POST", "/check", {}, kHonest);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"({"action":"allow"})");
}

TEST_F(FairnessRoutes, ABlockIs403WithTheDecisionAndWhenItEnds) {
  const auto response = call("POST", "/check", {}, kImpossible);
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(response.content_type, "application/problem+json");
  const auto body = json(response);
  EXPECT_TRUE(body.at("decision_id").is_string());
  EXPECT_TRUE(body.at("until").is_string());
  EXPECT_EQ(header(response, "Retry-After"), "900");
}

TEST_F(FairnessRoutes, AFloodIs429AbnormalUsageWithRetryAfter) {
  core::http::Response response;
  for (int i = 0; i <= 60; ++i) {
    response = call("POST", "/check", {},
                    R"({"type":"progression","player_id":"p","seq":)" + std::to_string(i) + R"(,"payload":{"xp":1}})");
  }
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(json(response).at("type"), "https://iana.org/assignments/http-problem-types#abnormal-usage-detected");
  EXPECT_EQ(header(response, "Retry-After"), "1");
}

TEST_F(FairnessRoutes, TheSameEventIdIsTheSameEventWhateverTheBody) {
  const std::string id = "00000000-0000-8000-8000-000000000001";
  for (int i = 0; i < 100; ++i) {
    const auto response = call("POST", "/check", {},
                               R"({"event_id":")" + id + R"(","type":"progression","player_id":"p","seq":)" +
                                   std::to_string(i) + R"(,"payload":{"xp":1}})");
    ASSERT_EQ(response.status, 200) << response.body;
  }
}

TEST_F(FairnessRoutes, BadBodiesAre400WithPointers) {
  const auto missing = call("POST", "/check", {}, R"({"type":"progression","player_id":"p"})");
  EXPECT_EQ(missing.status, 400);
  EXPECT_EQ(json(missing).at("errors").at(0).at("pointer"), "#/payload");
  EXPECT_EQ(call("POST", "/check", {}, "nonsense").status, 400);
  EXPECT_EQ(call("POST", "/check", {}, "[]").status, 400);
  const auto id =
      call("POST", "/check", {}, R"({"event_id":"x","type":"progression","player_id":"p","payload":{"xp":1}})");
  EXPECT_EQ(json(id).at("errors").at(0).at("pointer"), "#/event_id");
}

TEST_F(FairnessRoutes, ABatchAnswersInOrder) {
  const auto response =
      call("POST", "/check/batch", {}, "[" + std::string(kHonest) + "," + kImpossible + "," + kHonest + "]");
  EXPECT_EQ(response.status, 200);
  const auto body = json(response);
  const auto& verdicts = body.at("verdicts").as_array();
  ASSERT_EQ(verdicts.size(), 3U);
  EXPECT_EQ(verdicts[0].at("action"), "allow");
  EXPECT_EQ(verdicts[1].at("action"), "block");
  EXPECT_EQ(verdicts[2].at("action"), "block");
}

TEST_F(FairnessRoutes, ABatchNamesTheFaultyItem) {
  const auto response = call("POST", "/check/batch", {}, "[" + std::string(kHonest) + R"(,{"type":"x"},3])");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(json(response).at("errors").at(0).at("pointer").as_string().subview(0, 4), "#/1/");
  EXPECT_EQ(call("POST", "/check/batch", {}, "[]").status, 400);
  EXPECT_EQ(call("POST", "/check/batch", {}, "{}").status, 400);
}

TEST_F(FairnessRoutes, APlayersPageShowsStandingEvidenceDecisionsAndAudit) {
  (void)call("POST", "/check", {}, kHonest);
  (void)call("POST", "/check", {}, kImpossible);
  const auto response = call("GET", "/players/{id}", {"p"});
  ASSERT_EQ(response.status, 200);
  const auto body = json(response);
  EXPECT_EQ(body.at("standing").at("state"), "blocked");
  EXPECT_EQ(body.at("evidence").at("events"), 1);
  EXPECT_EQ(body.at("evidence").at("refused"), 1);
  EXPECT_EQ(body.at("decisions").at(0).at("explanation"), "xp of 9999 is beyond the game's bound of 5000");
  EXPECT_EQ(body.at("audit").at(0).at("who"), "engine");
}

TEST_F(FairnessRoutes, AnEndedBlockIsGoodStandingAndStillTold) {
  (void)call("POST", "/check", {}, kImpossible);
  clock_.advance(std::chrono::seconds(901));
  const auto body = json(call("GET", "/players/{id}", {"p"}));
  EXPECT_EQ(body.at("standing").at("state"), "good");
  EXPECT_EQ(body.at("last_standing").at("state"), "blocked");
}

TEST_F(FairnessRoutes, UnknownPlayersAndDecisionsAre404) {
  EXPECT_EQ(call("GET", "/players/{id}", {"ghost"}).status, 404);
  EXPECT_EQ(call("GET", "/players/{id}", {"not a name"}).status, 400);
  EXPECT_EQ(call("GET", "/decisions/{id}", {"ghost"}).status, 404);
}

TEST_F(FairnessRoutes, ADecisionCanBeReadAtOnceByTheIdOfTheRefusal) {
  const auto refusal = json(call("POST", "/check", {}, kImpossible));
  const std::string id(refusal.at("decision_id").as_string());
  const auto response = call("GET", "/decisions/{id}", {id});
  ASSERT_EQ(response.status, 200);
  const auto body = json(response);
  EXPECT_EQ(body.at("rule"), "hard_bound");
  EXPECT_EQ(body.at("policy_version"), "p-1");
  EXPECT_EQ(body.at("player_id"), "p");
  EXPECT_EQ(body.at("player_text"), refusal.at("detail"));
  EXPECT_TRUE(body.at("judged_again").at("same").as_bool()) << response.body;
  EXPECT_FALSE(body.contains("inputs"));
}

TEST_F(FairnessRoutes, AStoreThatIsAwayIs503) {
  (void)call("POST", "/check", {}, kHonest);
  store_.away = true;
  EXPECT_EQ(call("GET", "/players/{id}", {"p"}).status, 503);
  EXPECT_EQ(call("GET", "/decisions/{id}", {"d"}).status, 503);
  EXPECT_EQ(call("GET", "/flags").status, 503);
}

TEST_F(FairnessRoutes, FlagsComeInPages) {
  for (const char* who : {"a", "b", "c"}) {
    (void)call("POST", "/check", {},
               R"({"type":"progression","player_id":")" + std::string(who) + R"(","payload":{"xp":9999}})");
  }
  const auto first = json(call("GET", "/flags", {}, {}, "limit=2"));
  EXPECT_EQ(first.at("players").as_array().size(), 2U);
  EXPECT_EQ(first.at("players").at(0).at("player_id"), "c");
  const auto next = std::to_string(first.at("next").as_int64());
  const auto second = json(call("GET", "/flags", {}, {}, "limit=2&before=" + next));
  EXPECT_EQ(second.at("players").as_array().size(), 1U);
  EXPECT_FALSE(second.contains("next"));
  EXPECT_EQ(call("GET", "/flags", {}, {}, "limit=0").status, 400);
  EXPECT_EQ(call("GET", "/flags", {}, {}, "before=x").status, 400);
}

TEST_F(FairnessRoutes, OnlyChecksAreOpenToOthersThanOperators) {
  for (const ports::Route& route : service_->routes()) {
    const bool check = route.path.starts_with("/check");
    EXPECT_EQ(route.access, check ? ports::Access::player_data : ports::Access::admin) << route.path;
  }
}

}  // namespace
}  // namespace liveops::fairness
