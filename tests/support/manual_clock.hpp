#pragma once

#include <atomic>
#include <chrono>

#include "core/time.hpp"

namespace liveops::test {

/// A clock that stands still until told to move. Threads: any.
class ManualClock final : public core::Clock {
 public:
  explicit ManualClock(core::Timestamp start) : us_(start.time_since_epoch().count()) {}
  [[nodiscard]] core::Timestamp now() const override;
  void set(core::Timestamp time);
  void advance(std::chrono::microseconds by);

 private:
  std::atomic<std::int64_t> us_;
};

}  // namespace liveops::test
