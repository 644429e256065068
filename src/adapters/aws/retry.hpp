#pragma once

#include <chrono>
#include <mutex>
#include <random>

namespace liveops::adapters::aws {

/// Keeps an outage from being met with a storm of retries: a retry takes 5 tokens of 500, a success that needed none
/// gives 1 back, a retry that succeeded gives its own back. The standard mode of AWS' clients.
///
/// Threads: any.
class RetryBudget {
 public:
  static constexpr int kTokens = 500;
  static constexpr int kRetryCost = 5;

  /// False: no retry now.
  [[nodiscard]] bool take();
  void give_back(bool retried);
  [[nodiscard]] int tokens() const;

 private:
  mutable std::mutex mutex_;
  int tokens_ = kTokens;
};

/// Delays with full jitter: anything between 0 and the first delay doubled as often as it failed, capped.
///
/// Threads: any.
class Backoff {
 public:
  explicit Backoff(unsigned seed = std::random_device()()) : random_(seed) {}

  /// `failures`: so far, from 1. Throttled calls wait longer.
  [[nodiscard]] std::chrono::milliseconds delay(unsigned failures, bool throttled);

 private:
  std::mutex mutex_;
  std::minstd_rand random_;
};

}  // namespace liveops::adapters::aws
