#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "adapters/http/server.hpp"
#include "core/auth/authenticator.hpp"
#include "core/time.hpp"
#include "fairness/service.hpp"
#include "fairness/test_doubles.hpp"
#include "tests/support/recording_metrics.hpp"

namespace liveops::test {

inline constexpr auto* kApiToken = "the-token-of-all-services";
[[nodiscard]] core::auth::SigningKey test_signing_key();

/// Serves routes as the fairness process does, on the loopback, in a thread of its own.
class RouteServer {
 public:
  /// `port` 0: a free one.
  RouteServer(std::vector<ports::Route> routes, std::uint16_t port);
  ~RouteServer();
  RouteServer(const RouteServer&) = delete;
  RouteServer& operator=(const RouteServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return server_.local_endpoint().port(); }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }
  [[nodiscard]] boost::asio::io_context& io() { return io_; }

 private:
  boost::asio::io_context io_{1};
  core::SystemClock clock_;
  RecordingMetrics metrics_;
  SilentLog log_;
  core::auth::SignatureVerifier verifier_;
  core::auth::Authenticator authenticator_;
  adapters::http::Router router_;
  adapters::http::Server server_;
  std::jthread thread_;
};

/// The real fairness service behind a real server; more than 5000 XP at once is impossible in its game.
class FairnessServer {
 public:
  explicit FairnessServer(std::uint16_t port = 0);

  [[nodiscard]] RouteServer& server() { return server_; }
  [[nodiscard]] fairness::test::FakeStore& store() { return store_; }
  /// Whether the service has seen the player.
  [[nodiscard]] bool knows(const std::string& player);

 private:
  static core::FairnessRules rules();

  fairness::test::FakeStore store_;
  fairness::test::FakeReviews reviews_;
  fairness::test::FakeBus bus_;
  core::SystemClock clock_;
  RecordingMetrics metrics_;
  SilentLog log_;
  fairness::Service service_;
  RouteServer server_;
};

/// POST /check/batch that answers whatever `make` gives for the request, once the gate is open.
class ScriptedServer {
 public:
  using Make = std::function<core::http::Response(const core::http::Request&)>;
  explicit ScriptedServer(Make make, bool gate_open = true);
  ~ScriptedServer() { open_gate(); }

  [[nodiscard]] std::string url() const { return server_.url(); }
  /// Waits until so many requests have come.
  void wait_for_requests(int count);
  [[nodiscard]] int requests() const { return requests_.load(); }
  void open_gate();

 private:
  std::vector<ports::Route> routes();
  boost::asio::awaitable<core::http::Response> answer(const core::http::Request& request);

  Make make_;
  std::atomic<int> requests_{0};
  bool gate_open_;
  std::shared_ptr<boost::asio::steady_timer> gate_;
  RouteServer server_;
};

/// {"verdicts":[{"action":"allow"},...]}, one for each event of the request.
[[nodiscard]] core::http::Response allow_all(const core::http::Request& request);

}  // namespace liveops::test
