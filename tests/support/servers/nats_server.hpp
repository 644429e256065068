#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tests/support/servers/child_process.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::test {

/// A nats-server with JetStream of the test's own: on 127.0.0.1, with a store in a temporary directory.
///
/// What fails throws std::runtime_error with what the server logged. Threads: one at a time.
class NatsServer {
 public:
  /// Starts it and waits until it answers. `settings`: further lines of its configuration file.
  explicit NatsServer(std::string settings = {});

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// nats://`credentials`127.0.0.1:PORT; credentials end in @ where there are any.
  [[nodiscard]] std::string url(std::string_view credentials = {}) const;

  /// Ends it with SIGKILL.
  void kill();
  void start();
  /// Kills it and starts it again, on the same port and store.
  void restart();
  /// Makes its next start find an empty store. It must not run.
  void lose_store();
  /// Between these it neither answers nor notices anything (SIGSTOP, SIGCONT).
  void pause();
  void resume();

 private:
  void write_configuration() const;
  [[nodiscard]] bool answers() const;

  std::string settings_;
  TempDir directory_;
  std::uint16_t port_;
  int stores_ = 0;
  std::unique_ptr<ChildProcess> process_;
};

/// The one server of a test program, started when first asked for.
[[nodiscard]] NatsServer& shared_nats();

}  // namespace liveops::test
