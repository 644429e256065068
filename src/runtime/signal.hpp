#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace liveops::runtime {

/// Lets coroutines wait, each on its own executor and at most for a given time, until some thread says that there is
/// something to look at. Nothing is polled.
///
/// Read `version` before looking and hand it to `wait`: what was announced in between ends the wait at once.
/// Threads: any. Waits that are pending when the signal goes away end at their time.
class Signal {
 public:
  [[nodiscard]] std::uint64_t version() const;
  /// Ends every wait, and those that start with an older version.
  void notify();
  /// Completes on the caller's executor once `version() != seen` or `at_most` has passed.
  [[nodiscard]] boost::asio::awaitable<void> wait(std::uint64_t seen, std::chrono::steady_clock::duration at_most);

 private:
  class Waiter;
  mutable std::mutex mutex_;
  std::uint64_t version_ = 0;
  std::vector<std::weak_ptr<Waiter>> waiters_;
};

}  // namespace liveops::runtime
