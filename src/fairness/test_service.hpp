#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fairness/service.hpp"
#include "fairness/test_doubles.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::fairness::test {

/// The whole service over fakes.
class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest() {
    rules_.max_players = 10'000;
    rules_.policy_version = "p-1";
    rules_.hard.bounds = {{core::EventType::progression, "xp", 5000}};
    restart();
  }

  void restart() {
    service_ =
        std::make_unique<Service>(rules_, PlayerHasher::Seed{1, 2}, store_, reviews_, bus_, clock_, metrics_, log_);
    EXPECT_TRUE(liveops::test::run(service_->load()));
  }

  core::Event event(const std::string& player, int number, std::int64_t xp = 10) {
    core::Event made;
    made.id = core::EventId::derive(core::KeyId::trusted("k"), player + "/" + std::to_string(number));
    made.player_id = core::PlayerId::trusted(player);
    made.occurred_at = made.received_at = clock_.now();
    made.payload = core::Progression{.xp = xp};
    return made;
  }

  core::Result<std::vector<core::Verdict>> check(std::vector<core::Event> events) {
    return liveops::test::run(service_->check().check(std::move(events)));
  }

  core::Verdict check_one(const std::string& player, int number, std::int64_t xp = 10) {
    std::vector<core::Event> events{event(player, number, xp)};
    const auto verdicts = check(std::move(events));
    EXPECT_TRUE(verdicts);
    return verdicts ? verdicts->front() : core::Verdict{};
  }

  void step() { liveops::test::run(service_->step()); }

  /// Calls the route that takes `path`; the server's part (access, limits) is left out.
  core::http::Response call(std::string_view method, std::string path, std::vector<std::string> params = {},
                            std::string body = {}, std::string query = {}) {
    core::http::Request request{.method = method,
                                .target = path,
                                .path = path,
                                .query = query,
                                .body = body,
                                .path_params = std::move(params),
                                .remote_address = "10.0.0.1"};
    for (const ports::Route& route : service_->routes()) {
      if (route.method == method && route.path == path) return liveops::test::run(route.handler(request));
    }
    ADD_FAILURE() << "no route " << path;
    return {};
  }

  static boost::json::object json(const core::http::Response& response) {
    return boost::json::parse(response.body).as_object();
  }

  static std::string header(const core::http::Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return {};
  }

  core::FairnessRules rules_;
  FakeStore store_;
  FakeReviews reviews_;
  FakeBus bus_;
  liveops::test::ManualClock clock_{core::Timestamp(std::chrono::seconds(1'790'000'000))};
  liveops::test::RecordingMetrics metrics_;
  liveops::test::SilentLog log_;
  std::unique_ptr<Service> service_;
};

}  // namespace liveops::fairness::test
