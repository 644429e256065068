#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace liveops::adapters::bus_servicebus {

/// When to try again: waits that double, each drawn from the upper half of its bound, so that those who failed together
/// do not return together.
///
/// Threads: one at a time.
class Backoff {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds most)
      : first_(first), most_(most), bound_(first) {}

  /// It failed at `now`.
  void failed(Instant now) {
    std::uniform_int_distribution<std::chrono::milliseconds::rep> wait(bound_.count() / 2, bound_.count());
    at_ = now + std::chrono::milliseconds(wait(random_));
    bound_ = std::min(bound_ * 2, most_);
  }
  void succeeded() {
    bound_ = first_;
    at_ = {};
  }
  [[nodiscard]] bool is_due(Instant now) const { return now >= at_; }

 private:
  const std::chrono::milliseconds first_;
  const std::chrono::milliseconds most_;
  std::chrono::milliseconds bound_;
  Instant at_;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace liveops::adapters::bus_servicebus
