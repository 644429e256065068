#include "core/http/problem.hpp"

#include <gtest/gtest.h>

#include <array>
#include <boost/json.hpp>
#include <set>

namespace liveops::core::http {
namespace {

namespace json = boost::json;

json::object body_of(const Response& response) {
  return json::parse(response.body).as_object();
}

std::string text_at(const Problem& problem, std::string_view member) {
  return json::value_to<std::string>(body_of(problem.response()).at(member));
}

std::optional<std::string> header(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (equals_ignore_case(key, name)) return value;
  }
  return std::nullopt;
}

struct ErrcRow {
  Errc code;
  int status;
  std::string_view slug;
};
constexpr std::array<ErrcRow, 10> kErrcRows{{{Errc::not_found, 404, "not-found"},
                                             {Errc::conflict, 409, "conflict"},
                                             {Errc::invalid_argument, 400, "invalid-request"},
                                             {Errc::unauthenticated, 401, "unauthenticated"},
                                             {Errc::forbidden, 403, "forbidden"},
                                             {Errc::rate_limited, 429, "rate-limited"},
                                             {Errc::unavailable, 503, "unavailable"},
                                             {Errc::timeout, 503, "timeout"},
                                             {Errc::corrupt, 500, "internal"},
                                             {Errc::internal, 500, "internal"}}};

TEST(Problem, HasARowForEveryErrc) {
  for (const ErrcRow& row : kErrcRows) {
    const Problem problem = to_problem({row.code, "what happened", "for the log"});
    EXPECT_EQ(problem.status, row.status) << to_string(row.code);
    EXPECT_EQ(problem.slug, row.slug) << to_string(row.code);
    EXPECT_FALSE(problem.title.empty()) << to_string(row.code);
    const bool comes_back = row.status == 429 || row.status == 503;
    EXPECT_EQ(header(problem.response(), "Retry-After").has_value(), comes_back) << to_string(row.code);
  }
}

TEST(Problem, NeverShowsWhatIsForTheLog) {
  for (const ErrcRow& row : kErrcRows) {
    const Response response = to_problem({row.code, "public", "s3cret-dsn"}).response();
    EXPECT_FALSE(response.body.contains("s3cret-dsn")) << to_string(row.code);
    EXPECT_EQ(response.body.contains("public"), row.status != 500) << to_string(row.code);
  }
}

TEST(Problem, SaysSomethingWhenTheErrorSaysNothing) {
  for (const ErrcRow& row : kErrcRows) {
    EXPECT_FALSE(to_problem({row.code, "", ""}).detail.empty()) << to_string(row.code);
  }
}

TEST(Problem, IsProblemJsonWithTheMembersOfRfc9457) {
  const Response response = to_problem({Errc::not_found, "no board 'x'", ""}).response();
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.content_type, "application/problem+json");
  const json::object body = body_of(response);
  EXPECT_EQ(body.at("type"), "https://liveops-guard.dev/problems/not-found");
  EXPECT_EQ(body.at("title"), "Not found");
  EXPECT_EQ(body.at("status"), 404);
  EXPECT_EQ(body.at("detail"), "no board 'x'");
  EXPECT_EQ(body.size(), 4U);
}

TEST(Problem, TakesARegisteredTypeAsItIs) {
  const Problem problem{.status = 429, .slug = "https://iana.org/assignments/http-problem-types#quota-exceeded"};
  EXPECT_EQ(text_at(problem, "type"), problem.slug);
}

TEST(Problem, CarriesFaultsAndExtensions) {
  Problem problem{.status = 403, .slug = "blocked", .title = "Blocked"};
  problem.faults = {{"#/payload/xp", "must be >= 0"}, {"#/seq", "must be an integer"}};
  problem.extensions = {{"decision_id", R"("d-1")"}, {"limits", "[1,2]"}};
  const json::object body = body_of(problem.response());
  EXPECT_EQ(body.at("errors"), json::parse(R"([{"detail":"must be >= 0","pointer":"#/payload/xp"},
                                               {"detail":"must be an integer","pointer":"#/seq"}])"));
  EXPECT_EQ(body.at("decision_id"), "d-1");
  EXPECT_EQ(body.at("limits"), json::parse("[1,2]"));
  EXPECT_FALSE(body.contains("detail"));
}

TEST(Problem, EscapesWhatClientsSent) {
  const Problem problem{.status = 400, .slug = "x", .detail = "field \"a\\b\"\n\x01 \xC3\xA9"};
  EXPECT_EQ(text_at(problem, "detail"), problem.detail);
}

TEST(Problem, WritesLongTextsWhole) {
  const Problem problem{.status = 400, .slug = "x", .detail = std::string(5000, '"')};
  EXPECT_EQ(text_at(problem, "detail"), problem.detail);
}

TEST(Problem, ReplacesBytesThatAreNotUtf8) {
  const Problem problem{.status = 400, .slug = "x", .detail = "name \xFF\xC3 end"};
  EXPECT_EQ(text_at(problem, "detail"), "name ?? end");
}

TEST(Problem, SpreadsTheReturnOfThoseTurnedAway) {
  const Problem problem = to_problem({Errc::unavailable, "", ""});
  std::set<std::string> delays;
  for (int i = 0; i < 200; ++i) delays.insert(header(problem.response(), "Retry-After").value_or("none"));
  EXPECT_EQ(delays, (std::set<std::string>{"1", "2", "3"}));
}

TEST(Problem, UsesTheGivenDelay) {
  Problem problem = to_problem({Errc::unavailable, "", ""});
  problem.retry_after = std::chrono::seconds(42);
  EXPECT_EQ(header(problem.response(), "Retry-After"), "42");
}

TEST(Problem, ChallengesWhoIsNotKnown) {
  const auto challenge = header(to_problem({Errc::unauthenticated, "", ""}).response(), "WWW-Authenticate");
  ASSERT_TRUE(challenge);
  EXPECT_TRUE(challenge->contains("Bearer"));
  EXPECT_FALSE(header(to_problem({Errc::forbidden, "", ""}).response(), "WWW-Authenticate"));
}

TEST(ValidationProblem, NamesEveryFault) {
  const Problem one = validation_problem({{"#/seq", "must be an integer"}});
  EXPECT_EQ(one.status, 400);
  EXPECT_EQ(one.slug, "validation");
  EXPECT_EQ(one.detail, "There is one fault; see errors.");
  const Problem two = validation_problem({{"#/seq", "a"}, {"#/type", "b"}});
  EXPECT_EQ(two.detail, "There are 2 faults; see errors.");
  EXPECT_EQ(body_of(two.response()).at("errors").as_array().size(), 2U);
}

}  // namespace
}  // namespace liveops::core::http
