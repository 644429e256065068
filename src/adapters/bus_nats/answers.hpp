#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "core/error.hpp"

namespace liveops::adapters::bus_nats {

/// Who waits for an answer, by number, each at most until its deadline.
///
/// Threads: any. `Done` is called once, on the thread of whoever ends the wait, without a lock held.
class Answers {
 public:
  using Done = std::move_only_function<void(core::Result<std::string_view>)>;
  using Deadline = std::chrono::steady_clock::time_point;

  /// Gives the number of what is waited for.
  [[nodiscard]] std::uint64_t expect(Done done, Deadline deadline);
  /// Nobody may wait for it any more: then nothing happens.
  void complete(std::uint64_t number, core::Result<std::string_view> answer);
  /// Ends with `unavailable` those whose deadline has passed.
  void expire(Deadline now);
  /// Ends them all with `unavailable`.
  void fail_all(std::string_view why);
  [[nodiscard]] std::size_t waiting() const;

 private:
  struct Wait {
    Done done;
    Deadline deadline;
  };
  mutable std::mutex mutex_;
  std::uint64_t last_ = 0;
  std::unordered_map<std::uint64_t, Wait> waits_;
};

}  // namespace liveops::adapters::bus_nats
