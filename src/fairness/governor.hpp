#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "core/rules.hpp"
#include "core/time.hpp"

namespace liveops::fairness {

/// Counts blocks by the hour. Far more than usual are rather a mistake, in a catalogue say, than an army of cheats:
/// beyond `factor` times the median hour of the last day they become throttles.
///
/// Threads: `may_block` and `blocked` any; the others one at a time.
class BlockGovernor {
 public:
  [[nodiscard]] bool may_block() const { return left_.load(std::memory_order_relaxed) > 0; }
  void blocked() { left_.fetch_sub(1, std::memory_order_relaxed); }

  /// Sets what is left of this hour. `players`: in memory; one in a hundred of them may always be blocked.
  void turn(const core::GovernorRules& rules, std::size_t players, core::Timestamp now) {
    const std::int64_t hour = now.time_since_epoch().count() / kHourUs;
    const std::int64_t used = allowed_ - left_.load(std::memory_order_relaxed);
    if (hour != hour_) {
      if (hour_ != 0) past_[next_++ % past_.size()] = used;
      hour_ = hour;
      allowed_ = limit(rules, players);
      left_.store(allowed_, std::memory_order_relaxed);
    } else if (const std::int64_t now_allowed = limit(rules, players); now_allowed > allowed_) {
      left_.fetch_add(now_allowed - allowed_, std::memory_order_relaxed);
      allowed_ = now_allowed;
    }
  }

 private:
  static constexpr std::int64_t kHourUs = 3'600'000'000;
  static constexpr std::int64_t kAtFirst = 10;

  [[nodiscard]] std::int64_t limit(const core::GovernorRules& rules, std::size_t players) const {
    auto hours = past_;
    std::ranges::sort(hours);
    const double usual = static_cast<double>(hours[hours.size() / 2]);
    const auto by_history = static_cast<std::int64_t>(rules.factor * usual);
    return std::max({by_history, std::int64_t{rules.least}, static_cast<std::int64_t>(players / 100)});
  }

  std::array<std::int64_t, 24> past_{};
  std::size_t next_ = 0;
  std::int64_t hour_ = 0;
  std::int64_t allowed_ = kAtFirst;
  std::atomic<std::int64_t> left_{kAtFirst};
};

}  // namespace liveops::fairness
