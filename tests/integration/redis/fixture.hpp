#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <string>

#include "adapters/redis/client/client.hpp"
#include "tests/support/io_thread.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/servers/redis_server.hpp"

namespace liveops::test {

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
