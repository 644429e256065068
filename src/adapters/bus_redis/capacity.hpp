#pragma once

#include <cstdint>
#include <mutex>

#include "core/error.hpp"

namespace liveops::adapters::bus_redis {

/// How full the bus is: what was measured last, and what this process published since.
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
  /// What was counted so far: to be asked for before measuring.
  [[nodiscard]] Use counted() const;
  /// Takes over what was measured, and adds what was counted since `before`: some of it twice, until the next time.
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
  Use counted_;
  bool out_of_memory_ = false;
};

}  // namespace liveops::adapters::bus_redis
