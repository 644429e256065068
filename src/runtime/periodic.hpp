#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>

#include "runtime/signal.hpp"

namespace liveops::runtime {

/// Calls something again and again, with `interval` between the end of one call and the start of the next.
///
/// Threads: `run` on one executor; `stop` from any. Must outlive `run`.
class Periodic {
 public:
  using Body = std::function<boost::asio::awaitable<void>()>;

  Periodic(std::chrono::milliseconds interval, Body body);

  /// First call at once. Completes after `stop`, when the call in hand is done; passes on what the body throws.
  [[nodiscard]] boost::asio::awaitable<void> run();
  /// Ends the wait between two calls at once. For good: `run` does nothing afterwards.
  void stop();

 private:
  std::chrono::milliseconds interval_;
  Body body_;
  std::atomic<bool> stopping_{false};
  Signal stopped_;
};

}  // namespace liveops::runtime
