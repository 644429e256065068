#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "fairness/samples.hpp"

namespace liveops::fairness {

/// What must hold still at once: everybody has risen lately. A bit for each lane, one for tempo.
using Alarm = std::uint8_t;
inline constexpr Alarm kTempoAlarm = 1U << kLanes;
[[nodiscard]] constexpr Alarm lane_alarm(std::size_t lane) {
  return static_cast<Alarm>(1U << lane);
}

/// The quick half of the storm watch. Two things raise it:
/// - of the samples of the last two seconds far more than usual are high, in games where two seconds are many events;
/// - a fifth of those who play have come under suspicion within the same few minutes, four players at least. Honest
///   evidence reaches kSuspicion once in as many events, and not for many at the same time.
///
/// Threads: any; beside each other they may count something twice or not at all.
class StormAlarm {
 public:
  static constexpr float kSuspicion = 500;

  void add(const Sample& sample, std::int64_t now_us);
  /// A player has been met for the first time in the window of `window_us` in which `now_us` lies.
  void met(std::int64_t now_us, std::int64_t window_us);
  /// A player's evidence has reached kSuspicion.
  void suspected(Alarm of, std::int64_t now_us, std::int64_t window_us);
  [[nodiscard]] Alarm at(std::int64_t now_us) const;

 private:
  /// Of the window under way and of the one before.
  struct Recent {
    std::atomic<std::uint32_t> now{0};
    std::atomic<std::uint32_t> before{0};

    void turn(bool next);
    std::uint32_t add() { return now.fetch_add(1, std::memory_order_relaxed) + 1; }
    [[nodiscard]] std::uint32_t last() const { return before.load(std::memory_order_relaxed); }
  };
  struct Count {
    std::atomic<std::uint32_t> all{0};
    std::atomic<std::uint32_t> high{0};
    std::atomic<std::int64_t> until_us{0};
    Recent suspects;

    void add(float score, std::int64_t now_us);
  };

  void turn_window(std::int64_t now_us, std::int64_t window_us);

  std::atomic<std::int64_t> from_us_{0};
  std::atomic<std::int64_t> window_{0};
  Recent players_;
  std::array<Count, kLanes + 1> counts_;
};

}  // namespace liveops::fairness
