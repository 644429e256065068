#pragma once

#include <algorithm>
#include <cstddef>

namespace liveops::adapters::bus_redis {

/// How many messages to ask for at once, so that an answer stays at some megabytes whatever their size: judged by those
/// that came last, and carefully at first. Threads: one at a time.
class ReadSize {
 public:
  [[nodiscard]] std::size_t at_most(std::size_t wanted) const {
    return std::clamp<std::size_t>(kAnswerBytes / average_bytes_, 1, std::max<std::size_t>(wanted, 1));
  }
  void came(std::size_t messages, std::size_t bytes) {
    if (messages > 0) average_bytes_ = std::max<std::size_t>(1, bytes / messages);
  }

 private:
  static constexpr std::size_t kAnswerBytes = 8U << 20U;
  std::size_t average_bytes_ = 32U << 10U;
};

}  // namespace liveops::adapters::bus_redis
