#include "adapters/http/router.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json.hpp>

#include "tests/support/manual_clock.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::adapters::http {
namespace {

namespace asio = boost::asio;
using core::http::Request;
using core::http::Response;
using testing::HasSubstr;

constexpr std::string_view kAdminToken = "admin-token-admin-token-admin-token";
constexpr std::string_view kApiToken = "api-token-api-token-api-token-api-token";

asio::awaitable<Response> echo(std::string text) {
  co_return Response{.body = std::move(text)};
}

asio::awaitable<Response> throws() {
  throw std::runtime_error("secret inner reason");
  co_return Response{};
}

asio::awaitable<Response> waits(asio::steady_timer& gate) {
  boost::system::error_code ignored;
  co_await gate.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  co_return Response{};
}

/// A request made by hand; keeps what its views point to.
struct Sent {
  std::string method = "GET";
  std::string target = "/";
  std::vector<core::http::HeaderView> headers;
  std::string body;
};

class RouterTest : public testing::Test {
 protected:
  static ports::Route route(std::string method, std::string path, ports::Access access = ports::Access::open) {
    return {
        .method = std::move(method), .path = std::move(path), .access = access, .handler = [](const Request& request) {
          return echo(std::string(request.method) + " " + std::string(request.path));
        }};
  }

  std::vector<ports::Route> routes() {
    std::vector<ports::Route> all{route("GET", "/items/{id}"), route("GET", "/admin", ports::Access::admin),
                                  route("GET", "/players", ports::Access::player_data),
                                  route("POST", "/signed", ports::Access::signed_request)};
    auto post = route("POST", "/items");
    post.max_body_bytes = 10;
    post.content_types = {"application/json", "application/x-ndjson"};
    all.push_back(std::move(post));
    auto bug = route("GET", "/bug");
    bug.handler = [](const Request&) { return throws(); };
    all.push_back(std::move(bug));
    auto slow = route("GET", "/slow");
    slow.handler = [this](const Request&) { return waits(gate_); };
    slow.access = ports::Access::player_data;
    all.push_back(std::move(slow));
    return all;
  }

  asio::awaitable<Response> answer(Sent sent) {
    Request request;
    request.method = sent.method;
    request.target = sent.target;
    request.headers = sent.headers;
    request.body = sent.body;
    TraceStorage storage;
    auto admission = router_.admit(request, storage, sent.body.size());
    seen_traceparent_ = std::string(request.traceparent);
    seen_request_id_ = std::string(request.request_id);
    if (admission.refusal) co_return std::move(*admission.refusal);
    co_return co_await router_.serve(admission, request);
  }

  Response ask(Sent sent) { return test::run(answer(std::move(sent))); }

  static std::string header(const Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return "";
  }

  asio::io_context io_;
  asio::steady_timer gate_{io_, asio::steady_timer::time_point::max()};
  test::ManualClock clock_{core::Timestamp(std::chrono::seconds(1'800'000'000))};
  test::RecordingMetrics metrics_;
  test::SilentLog log_;
  core::auth::SignatureVerifier verifier_{core::auth::KeyRing({{core::KeyId::trusted("k"), std::string(32, 's')}}), {}};
  core::auth::Authenticator authenticator_{verifier_, {std::string(kApiToken), std::string(kAdminToken), true}};
  Router router_{routes(), authenticator_, clock_, metrics_, log_, {.service = "test", .max_in_flight = 1}};
  std::string seen_traceparent_;
  std::string seen_request_id_;
};

TEST_F(RouterTest, UnknownPathsGetTheListOfRoutes) {
  const auto response = ask({.target = "/nope?x=1"});
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.content_type, "application/problem+json");
  const auto routes = boost::json::parse(response.body).at("routes").as_array();
  EXPECT_TRUE(std::ranges::find(routes, boost::json::value("GET /items/{id}")) != routes.end());
}

TEST_F(RouterTest, OtherMethodsGet405WithAllow) {
  const auto response = ask({.method = "DELETE", .target = "/items/1"});
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(header(response, "Allow"), "GET, HEAD, OPTIONS");
}

TEST_F(RouterTest, OptionsIsAnsweredWithAllow) {
  const auto response = ask({.method = "OPTIONS", .target = "/items"});
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(header(response, "Allow"), "POST, OPTIONS");
  EXPECT_EQ(ask({.method = "OPTIONS", .target = "*"}).status, 204);
}

TEST_F(RouterTest, HeadRunsTheGetHandler) {
  EXPECT_EQ(ask({.method = "HEAD", .target = "/items/7"}).body, "HEAD /items/7");
}

TEST_F(RouterTest, AbsoluteTargetsAreReadAsPathAndQuery) {
  EXPECT_EQ(ask({.target = "http://host:80/items/7?q=1"}).body, "GET /items/7");
  EXPECT_EQ(ask({.target = "/items/http://x"}).status, 404);
}

TEST_F(RouterTest, BrokenEscapesInThePathAre400) {
  EXPECT_EQ(ask({.target = "/items/%4"}).status, 400);
}

TEST_F(RouterTest, BodiesBeyondTheRoutesLimitAre413BeforeAnythingElse) {
  EXPECT_EQ(ask({.method = "POST", .target = "/items", .body = std::string(11, 'x')}).status, 413);
  EXPECT_EQ(ask({.target = "/admin", .body = "x"}).status, 413);
}

TEST_F(RouterTest, OnlyListedMediaTypesPassWhateverTheirParameters) {
  const auto status = [&](std::string_view type) {
    return ask({.method = "POST", .target = "/items", .headers = {{"Content-Type", type}}}).status;
  };
  EXPECT_EQ(status("application/json"), 200);
  EXPECT_EQ(status("Application/JSON ; charset=utf-8"), 200);
  EXPECT_EQ(status("application/x-ndjson"), 200);
  EXPECT_EQ(status("text/plain"), 415);
  EXPECT_EQ(status(""), 415);
  EXPECT_EQ(status("application/jsonx"), 415);
}

TEST_F(RouterTest, AccessIsCheckedBeforeTheHandler) {
  const auto bearer = "Bearer " + std::string(kAdminToken);
  const auto player = "Bearer " + std::string(kApiToken);
  EXPECT_EQ(ask({.target = "/admin"}).status, 401);
  EXPECT_FALSE(header(ask({.target = "/admin"}), "WWW-Authenticate").empty());
  EXPECT_EQ(ask({.target = "/admin", .headers = {{"Authorization", player}}}).status, 403);
  EXPECT_EQ(ask({.target = "/admin", .headers = {{"Authorization", bearer}}}).status, 200);
  EXPECT_EQ(ask({.target = "/players", .headers = {{"Authorization", player}}}).status, 200);
  EXPECT_EQ(ask({.method = "POST", .target = "/signed"}).status, 401);
}

TEST_F(RouterTest, AHandlerThatThrowsIs500WithoutTheReason) {
  const auto response = ask({.target = "/bug"});
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(response.body, testing::Not(HasSubstr("secret")));
  EXPECT_EQ(metrics_.value("liveops_http_handler_exceptions_total{service=test}"), 1);
  EXPECT_EQ(ask({.target = "/items/1"}).status, 200);  // it holds no slot
}

TEST_F(RouterTest, BeyondTheInFlightBoundIs503WithRetryAfter) {
  const std::string token = "Bearer " + std::string(kApiToken);
  auto first =
      asio::co_spawn(io_, answer({.target = "/slow", .headers = {{"Authorization", token}}}), asio::use_future);
  io_.poll();
  const auto refused = ask({.target = "/players"});  // by its head: nobody asks who it is
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(refused.body, HasSubstr("http-problem-types#temporary-reduced-capacity"));
  EXPECT_GE(std::stoi(header(refused, "Retry-After")), 1);
  gate_.cancel();
  io_.run();
  EXPECT_EQ(first.get().status, 200);
  EXPECT_EQ(ask({.target = "/players"}).status, 401);
}

TEST_F(RouterTest, ProbesAndOperatorsAreAnsweredAtTheInFlightBound) {
  const std::string api = "Bearer " + std::string(kApiToken);
  const std::string admin = "Bearer " + std::string(kAdminToken);
  auto first = asio::co_spawn(io_, answer({.target = "/slow", .headers = {{"Authorization", api}}}), asio::use_future);
  io_.poll();
  EXPECT_EQ(ask({.target = "/items/1"}).status, 200);
  EXPECT_EQ(ask({.target = "/admin", .headers = {{"Authorization", admin}}}).status, 200);
  gate_.cancel();
  io_.run();
  EXPECT_EQ(first.get().status, 200);
}

TEST_F(RouterTest, TakesValidTraceContextAndMakesItOtherwise) {
  constexpr std::string_view kTrace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  static_cast<void>(ask({.target = "/items/1", .headers = {{"traceparent", kTrace}, {"X-Request-Id", "mine"}}}));
  EXPECT_EQ(seen_traceparent_, kTrace);
  EXPECT_EQ(seen_request_id_, "mine");
  static_cast<void>(ask({.target = "/items/1", .headers = {{"traceparent", "bad"}, {"X-Request-Id", "a b"}}}));
  EXPECT_TRUE(is_valid_traceparent(seen_traceparent_));
  EXPECT_EQ(seen_request_id_.size(), TraceStorage::kRequestIdSize);
}

TEST_F(RouterTest, CountsRequestsUnderTheirTemplateMethodAndStatus) {
  const auto count = [&](const std::string& labels) {
    return metrics_.value("liveops_http_requests_total{service=test," + labels + "}");
  };
  static_cast<void>(ask({.target = "/items/1"}));
  static_cast<void>(ask({.target = "/items/2"}));
  static_cast<void>(ask({.method = "WEIRD", .target = "/items/2"}));
  static_cast<void>(ask({.target = "/nope"}));
  EXPECT_EQ(count("route=/items/{id},method=GET,status=200"), 2);
  EXPECT_EQ(count("route=/items/{id},method=OTHER,status=405"), 1);
  EXPECT_EQ(count("route=unmatched,method=GET,status=404"), 1);
  EXPECT_EQ(metrics_.value("liveops_http_request_duration_seconds{service=test,route=/items/{id}}"), 3);
}

}  // namespace
}  // namespace liveops::adapters::http
