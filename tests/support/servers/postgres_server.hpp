#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/servers/child_process.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::test {

/// A PostgreSQL server of the test's own: user `liveops`, no password, 127.0.0.1, data in a temporary directory.
///
/// It does not wait for the disk (fsync=off): processes may be killed, the machine may not.
/// Threads: `url`, `make_database`, `execute`: any. The rest: the one that made it.
class PostgresServer {
 public:
  /// Makes and starts it. `settings` are lines like "max_connections=20".
  /// Throws std::runtime_error, which names the package, when it does not start.
  explicit PostgresServer(std::vector<std::string> settings = {});
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url(std::string_view database = "postgres") const;
  /// A new, empty one; gives its name.
  [[nodiscard]] std::string make_database();
  /// Runs SQL on a connection of its own; gives the first column of each row. Throws std::runtime_error.
  std::vector<std::string> execute(const std::string& database, const std::string& sql) const;

  void start();
  /// Ends sessions and shuts down; `immediate`: without a checkpoint, as after a crash.
  void stop(bool immediate = false);
  void restart(bool immediate = false);
  /// SIGKILL to every process of it at once.
  void kill();
  /// SIGSTOP, SIGCONT to every process of it: it holds its connections and says nothing.
  void pause();
  void resume();

  [[nodiscard]] pid_t pid() const { return process_->pid(); }

 private:
  [[nodiscard]] Program program(std::vector<std::string> command) const;
  [[nodiscard]] bool accepts() const;
  void signal_all(int number);

  TempDir directory_;
  std::optional<Account> account_ = unprivileged_account();
  std::uint16_t port_ = free_port();
  std::vector<std::string> settings_;
  std::atomic<int> databases_ = 0;
  std::optional<ChildProcess> process_;
};

/// The one server of a test program, started when first asked for.
[[nodiscard]] PostgresServer& shared_postgres();

}  // namespace liveops::test
