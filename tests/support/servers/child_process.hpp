#pragma once

#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace liveops::test {

/// Who a program runs as.
struct Account {
  uid_t uid = 0;
  gid_t gid = 0;
};

/// For servers that refuse to run as root: `postgres`, else `nobody`, when the test is root; else nullopt (as the
/// test).
[[nodiscard]] std::optional<Account> unprivileged_account();

/// How a program is to be run.
struct Program {
  std::vector<std::string> command;  // looked up in PATH
  std::filesystem::path log;         // takes what it writes to stdout and stderr
  std::string package;               // Debian's, named when the program is not there
  std::optional<Account> account = {};
  std::filesystem::path directory = "/";
  int death_signal = SIGKILL;  // what the kernel sends it when the test dies
};

/// A program that a test started. It ends with this object, or with the thread that made this, whichever comes first.
///
/// Threads: one at a time.
class ChildProcess {
 public:
  /// Throws std::system_error when no process can be made. A program that is not there ends at once with status 127.
  explicit ChildProcess(const Program& program);
  /// Kills it if it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] bool running();
  void signal(int number);
  /// Sends SIGSTOP and waits until none of its threads runs any more.
  void freeze();
  /// Waits for its end; the exit status, or 128 + the signal that ended it.
  int wait();
  /// Sends `number` and waits; kills it when it has not ended after `limit`.
  int stop(int number = SIGTERM, std::chrono::milliseconds limit = std::chrono::seconds(10));

 private:
  bool reap(bool block);

  pid_t pid_ = -1;
  std::optional<int> status_;
};

/// A TCP port of 127.0.0.1 that nobody listens on, and that this process was not given before: below those that the
/// kernel gives to outgoing connections, and far from where other processes begin to look (tests/support/free_port.mjs
/// does the same). Throws std::system_error when none is free.
[[nodiscard]] std::uint16_t free_port();

/// Asks every few milliseconds until it is so; false when it was not after `limit`. For what happens in other
/// processes.
[[nodiscard]] bool wait_until(const std::function<bool()>& is_so,
                              std::chrono::milliseconds limit = std::chrono::seconds(20));

/// The last lines of a log, for a failure's message.
[[nodiscard]] std::string tail(const std::filesystem::path& log);

/// Runs a program to its end; throws std::runtime_error with what it said when that is not success.
void run_program(const Program& program);

}  // namespace liveops::test
