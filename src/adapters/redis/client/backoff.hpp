#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace liveops::adapters::redis {

/// How long to wait before the next attempt: doubles from 50 ms to 2 s, of which each wait takes a random part between
/// half and all, so that many processes do not come back at the same moment.
class Backoff {
 public:
  explicit Backoff(std::uint32_t seed) : random_(seed) {}

  [[nodiscard]] std::chrono::milliseconds next() {
    const auto most = ceiling_;
    ceiling_ = std::min(ceiling_ * 2, kMost);
    return std::chrono::milliseconds(std::uniform_int_distribution<long>(most.count() / 2, most.count())(random_));
  }
  void reset() { ceiling_ = kLeast; }

 private:
  static constexpr std::chrono::milliseconds kLeast{50};
  static constexpr std::chrono::milliseconds kMost{2000};

  std::minstd_rand random_;
  std::chrono::milliseconds ceiling_ = kLeast;
};

}  // namespace liveops::adapters::redis
