#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "fairness/samples.hpp"

namespace liveops::fairness {

/// What must hold still at once: everybody has risen within the last two seconds. A bit for each lane, one for tempo.
using Alarm = std::uint8_t;
inline constexpr Alarm kTempoAlarm = 1U << kLanes;
[[nodiscard]] constexpr Alarm lane_alarm(std::size_t lane) {
  return static_cast<Alarm>(1U << lane);
}

/// The quick half of the storm watch, for games in which ten seconds are many events.
///
/// Threads: any; beside each other they may count a sample twice or not at all.
class StormAlarm {
 public:
  void add(const Sample& sample, std::int64_t now_us);
  [[nodiscard]] Alarm at(std::int64_t now_us) const;

 private:
  struct Count {
    std::atomic<std::uint32_t> all{0};
    std::atomic<std::uint32_t> high{0};
    std::atomic<std::int64_t> until_us{0};

    void add(float score, std::int64_t now_us);
  };

  std::atomic<std::int64_t> from_us_{0};
  std::array<Count, kLanes + 1> counts_;
};

}  // namespace liveops::fairness
