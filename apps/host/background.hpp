#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "ports/log.hpp"

namespace liveops::apps {

/// The long-running coroutines of a service: started together, stopped together, waited for.
///
/// Threads: `spawn` and `stop` from one; the coroutines run on the given io_context.
class Background {
 public:
  Background(boost::asio::io_context& io, ports::Log& log) : io_(io), log_(log) {}

  /// Starts `task`; `stop` is called once at shutdown and must make it end soon. A task that throws ends the process:
  /// that is a bug, and going on without it would lose work silently.
  void spawn(std::string name, boost::asio::awaitable<void> task, std::function<void()> stop);

  /// Asks all to end, in reverse order of their start, and waits. False: some had not ended by `deadline`.
  [[nodiscard]] bool stop(std::chrono::milliseconds deadline);

 private:
  void finished(const std::string& name);

  boost::asio::io_context& io_;
  ports::Log& log_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::size_t running_ = 0;
  std::vector<std::function<void()>> stops_;
};

}  // namespace liveops::apps
