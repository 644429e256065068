#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <thread>

#include "adapters/redis/client/client.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/servers/redis_server.hpp"

namespace liveops::contract {

/// A connection to a Redis server, driven by a thread of its own.
class RedisConnection {
 public:
  /// Waits until it is there. Throws std::runtime_error when it does not come.
  explicit RedisConnection(const std::string& url);
  ~RedisConnection();
  RedisConnection(const RedisConnection&) = delete;
  RedisConnection& operator=(const RedisConnection&) = delete;

  [[nodiscard]] adapters::redis::Client& client() { return *client_; }
  /// Waits until commands are answered (again).
  void await();

 private:
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  test::SilentLog log_;
  test::RecordingMetrics metrics_;
  std::unique_ptr<adapters::redis::Client> client_;
  std::thread thread_{[this] { io_.run(); }};
};

/// The one server of a test program, and a connection to it.
struct SharedRedis {
  test::RedisServer server;
  RedisConnection connection{server.url()};
};
[[nodiscard]] SharedRedis& shared_redis();

/// Begins the keys of one index of a test.
[[nodiscard]] std::string fresh_prefix();

}  // namespace liveops::contract
