#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/servers/child_process.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::test {

/// A Redis server of the test's own: on 127.0.0.1, with a directory that goes with it.
///
/// What fails throws std::runtime_error with what the server logged. Threads: one at a time.
class RedisServer {
 public:
  struct Options {
    bool append_only = false;              // keeps what was written over `kill` and `restart` (appendfsync always)
    std::vector<std::string> arguments{};  // further ones, e.g. {"--requirepass", "secret"}
    std::string password{};                // for what this object itself asks, where the arguments set one
  };

  /// Starts it and waits until it answers.
  RedisServer() : RedisServer(Options{}) {}
  explicit RedisServer(Options options);

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// redis://127.0.0.1:PORT/`database`, without a password.
  [[nodiscard]] std::string url(int database = 0) const;
  /// Where it listens besides.
  [[nodiscard]] std::string socket_path() const { return (directory_.path() / "redis.sock").string(); }

  /// Ends it with SIGKILL.
  void kill();
  /// Starts it again, on the same port and data, killed before if it still runs.
  void restart();
  /// Between these it neither answers nor notices anything (SIGSTOP, SIGCONT).
  void pause();
  void resume();
  /// Removes every key of every database.
  void flush_all();

  /// One command without binary arguments, over a connection of its own; the reply's text, an array's one element a
  /// line. Throws on an error reply.
  std::string command(const std::vector<std::string>& words);

 private:
  void start();
  [[nodiscard]] bool answers();

  Options options_;
  TempDir directory_;
  std::uint16_t port_;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace liveops::test
