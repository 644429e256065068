#include "adapters/http/operations.hpp"

#include <gtest/gtest.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>

#include "tests/support/run_task.hpp"

namespace liveops::adapters::http {
namespace {

namespace asio = boost::asio;
using core::http::Request;
using core::http::Response;

class ScriptedCheck final : public ports::HealthCheck {
 public:
  explicit ScriptedCheck(std::string name) : name_(std::move(name)) {}
  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] ports::Task<void> check() override {
    if (hangs) {
      asio::steady_timer never(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
      boost::system::error_code ignored;
      co_await never.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    if (!fault.empty()) co_return core::fail(core::Errc::unavailable, fault);
    co_return core::Status{};
  }

  [[nodiscard]] bool stops_service(const core::Error& /*failure*/) const override { return needed; }

  std::string fault;
  bool hangs = false;
  bool needed = true;

 private:
  std::string name_;
};

class OperationsTest : public testing::Test {
 protected:
  Response get(std::string_view path, std::string_view query = "") {
    const auto at = std::ranges::find(routes_, path, &ports::Route::path);
    Request request;
    request.query = query;
    return test::run(at->handler(request));
  }

  ScriptedCheck bus_{"bus"};
  ScriptedCheck store_{"store"};
  Readiness readiness_;
  std::vector<ports::Route> routes_ =
      operations_routes({&bus_, &store_}, readiness_, [] { return "liveops_x 1\n"; }, std::chrono::milliseconds(20));
};

TEST_F(OperationsTest, IsReadyAndNamesWhatItOnlyWorksBetterWith) {
  store_.needed = false;
  store_.fault = "away";
  EXPECT_EQ(get("/readyz").status, 200);
  EXPECT_EQ(get("/readyz").body, "[+]process ok\n[+]bus ok\n[!]store degraded: away\nok\n");
  EXPECT_EQ(get("/healthz").status, 200);
  const auto body = boost::json::parse(get("/healthz").body);
  EXPECT_EQ(body.at("status"), "degraded");
  EXPECT_EQ(body.at_pointer("/checks/store/status"), "degraded");
}

TEST_F(OperationsTest, IsReadyWhenEveryCheckPasses) {
  EXPECT_EQ(get("/readyz").status, 200);
  EXPECT_EQ(get("/readyz").body, "ok\n");
  EXPECT_EQ(get("/readyz", "verbose").body, "[+]process ok\n[+]bus ok\n[+]store ok\nok\n");
}

TEST_F(OperationsTest, OneFailedCheckMakes503AndSaysWhy) {
  store_.fault = "disk full: free some space";
  const auto response = get("/readyz", "verbose");
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body, "[+]process ok\n[+]bus ok\n[-]store failed: disk full: free some space\nnot ready\n");
  EXPECT_EQ(get("/livez").status, 200);
}

TEST_F(OperationsTest, HealthzIsTheSameVerdictAsJson) {
  store_.fault = "gone";
  const auto response = get("/healthz");
  EXPECT_EQ(response.status, 503);
  const auto body = boost::json::parse(response.body);
  EXPECT_EQ(body.at("status").as_string(), "failed");
  EXPECT_EQ(body.at("checks").at("store").at("message").as_string(), "gone");
  EXPECT_EQ(body.at("checks").at("bus").at("status").as_string(), "ok");
}

TEST_F(OperationsTest, ACheckThatHangsFailsAtItsDeadline) {
  bus_.hangs = true;
  const auto response = get("/readyz", "verbose");
  EXPECT_EQ(response.status, 503);
  EXPECT_NE(response.body.find("[-]bus failed: no answer within 20 ms"), std::string::npos);
}

TEST_F(OperationsTest, StartingAndDrainingAreNotReady) {
  readiness_.set_starting("rebuilding ranks");
  EXPECT_NE(get("/readyz").body.find("[-]process failed: starting: rebuilding ranks"), std::string::npos);
  readiness_.set_ready();
  EXPECT_EQ(get("/readyz").status, 200);
  readiness_.set_draining();
  readiness_.set_ready();
  EXPECT_EQ(get("/readyz").status, 503);
  EXPECT_EQ(get("/livez").status, 200);
}

TEST_F(OperationsTest, MetricsGivesTheTextInPrometheusType) {
  const auto response = get("/metrics");
  EXPECT_EQ(response.body, "liveops_x 1\n");
  EXPECT_TRUE(response.content_type.starts_with("text/plain; version=0.0.4"));
}

}  // namespace
}  // namespace liveops::adapters::http
