#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "tests/support/servers/child_process.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::test {

/// The stand-in of Amazon SQS (tests/standins/sqs) as a process of the test's own, on 127.0.0.1.
///
/// What fails throws std::runtime_error with what it logged. Threads: all but `kill` and `start` any.
class SqsStandIn {
 public:
  /// Starts it and waits until it listens. `durable`: what was sent survives `kill`.
  explicit SqsStandIn(bool durable = false);

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  /// The variables that lead an AWS client to it, with keys that it takes.
  [[nodiscard]] std::map<std::string, std::string> environment() const;

  /// Does POST /_standin/`path` (see the stand-in's README) and gives the answer.
  std::string admin(const std::string& path, const std::string& json = {}) const;
  /// How often an operation was called.
  [[nodiscard]] int calls(const std::string& operation) const;
  /// Sets the queues' clock forward.
  void advance(std::chrono::milliseconds by);
  /// By how much, so far.
  [[nodiscard]] std::chrono::milliseconds ahead() const { return std::chrono::milliseconds(ahead_ms_.load()); }

  /// Ends it with SIGKILL.
  void kill();
  void start();
  /// Between these it neither answers nor notices anything (SIGSTOP, SIGCONT).
  void pause();
  void resume();

 private:
  TempDir directory_;
  bool durable_;
  std::uint16_t port_;
  std::atomic<std::int64_t> ahead_ms_{0};
  std::unique_ptr<ChildProcess> process_;
};

/// The one stand-in of a test program, started when first asked for.
[[nodiscard]] SqsStandIn& shared_sqs();

}  // namespace liveops::test
