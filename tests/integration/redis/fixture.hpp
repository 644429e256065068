#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "adapters/redis/client/client.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/servers/redis_server.hpp"

namespace liveops::test {

/// An io_context with a thread of its own.
class IoThread {
 public:
  IoThread() : thread_([this] { io_.run(); }) {}
  ~IoThread() { io_.stop(); }
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;

  [[nodiscard]] boost::asio::io_context& io() { return io_; }

  /// Starts a coroutine here.
  template <class T>
  std::future<T> start(boost::asio::awaitable<T> task) {
    return boost::asio::co_spawn(io_, std::move(task), boost::asio::use_future);
  }

 private:
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  std::jthread thread_;
};

/// A log whose lines a test can look through. Threads: any.
class LineLog final : public ports::Log {
 public:
  [[nodiscard]] bool enabled(ports::LogLevel) const override { return true; }
  void write(ports::LogLevel level, std::string_view message, std::span<const ports::LogField> fields) override;
  [[nodiscard]] std::string text() const;

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

/// Clients of Redis servers that the test starts.
class RedisTest : public testing::Test {
 protected:
  using Client = adapters::redis::Client;
  using Options = adapters::redis::ClientOptions;

  /// The server of all cases that leave it as it is; a case has keys of its own.
  static RedisServer& server();

  /// `url` and `name` are put into the options.
  std::unique_ptr<Client> connect(std::string url, Options options = {});
  /// Asks the server until the client reaches it.
  static void await_connection(Client& client);
  static void await_loss(Client& client);
  /// Blocks until some client waits in this command at the server.
  static void await_blocked(RedisServer& server, const std::string& command);

  LineLog log_;
  RecordingMetrics metrics_;
  IoThread caller_;  // where tests start coroutines
  IoThread network_;
};

}  // namespace liveops::test
