#pragma once

#include <cstdint>
#include <mutex>

#include "core/error.hpp"

namespace liveops::adapters::bus_redis {

/// How full the bus is: what was measured last, and what this process published since.
///
/// What is on its way while Redis is measured may or may not be in the measure, so it is counted on top: some of it
/// twice, until the next time, but none of it never.
///
/// Threads: any.
class Capacity {
 public:
  struct Use {
    std::uint64_t bytes = 0;
    std::uint64_t messages = 0;
  };

  explicit Capacity(Use limit) : limit_(limit) {}

  /// Counts what is about to be published; false, and nothing is counted, when the bus is full.
  [[nodiscard]] bool take(Use added);
  /// Of what was taken, this much was answered, or given up: it is no longer on its way.
  void settle(Use answered);
  /// All that was settled so far: to be asked for before measuring.
  [[nodiscard]] Use settled() const;
  /// Takes over what was measured, and adds what was taken and not yet settled `before` that.
  void measured(Use used, Use before);
  /// The server has no memory left: the bus is full until it is measured again.
  void out_of_memory();
  /// Errors: `unavailable`, full, with what to do.
  [[nodiscard]] core::Status check() const;

 private:
  [[nodiscard]] bool full() const { return used_.bytes >= limit_.bytes || used_.messages >= limit_.messages; }

  const Use limit_;
  mutable std::mutex mutex_;
  Use used_;
  Use taken_;
  Use settled_;
  bool out_of_memory_ = false;
};

}  // namespace liveops::adapters::bus_redis
