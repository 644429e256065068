#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "adapters/http/server.hpp"
#include "core/auth/authenticator.hpp"
#include "core/time.hpp"
#include "tests/support/recording_metrics.hpp"

namespace liveops::test {

/// A server on a free loopback port, run by threads of its own, with these routes:
///
///   POST /echo     gives the body back (<= 100,000 bytes)
///   GET  /hello    "hello"
///   GET  /big      4 MB
///   GET  /gate     answers once `open_gate` was called
///
/// Anybody may ask; the bound of requests in flight holds for all of them.
class TestServer {
 public:
  explicit TestServer(adapters::http::ServerOptions options = {}, int max_in_flight = 100, int threads = 1);
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return server_.local_endpoint().port(); }
  [[nodiscard]] double metric(const std::string& key) const { return metrics_.value(key); }

  /// Waits until so many requests wait at the gate.
  void wait_at_gate(int requests);
  void open_gate();

  /// Runs Server::stop on the server's own thread and waits for it.
  bool stop(std::chrono::milliseconds deadline);
  /// Begins Server::stop; `stopped` waits for it.
  void begin_stop(std::chrono::milliseconds deadline);
  bool stopped() { return stop_result_.get(); }

 private:
  std::vector<ports::Route> routes();
  boost::asio::awaitable<core::http::Response> gate();

  std::vector<std::unique_ptr<boost::asio::io_context>> contexts_;
  core::SystemClock clock_;
  RecordingMetrics metrics_;
  SilentLog log_;
  core::auth::SignatureVerifier verifier_;
  core::auth::Authenticator authenticator_;
  adapters::http::Router router_;
  adapters::http::Server server_;
  boost::asio::steady_timer gate_;
  std::atomic<int> at_gate_{0};
  bool gate_open_ = false;
  std::future<bool> stop_result_;
  bool stopping_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace liveops::test
