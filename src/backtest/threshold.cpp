#include "backtest/threshold.hpp"

#include <algorithm>
#include <chrono>

namespace liveops::backtest {

void DailyHighs::add(const Item& item, double score) {
  const auto day = std::chrono::floor<std::chrono::days>(item.event->received_at).time_since_epoch().count();
  const std::uint64_t key = (std::uint64_t{item.player} << 32U) | static_cast<std::uint32_t>(day);
  const auto [high, is_new] = highs_.try_emplace(key, score);
  if (!is_new) high->second = std::max(high->second, score);
}

double DailyHighs::threshold_for(double rate) const {
  double low = 0;
  double high = 0;
  for (const auto& [day, score] : highs_) high = std::max(high, score);
  const auto flagged = [this](double threshold) {
    return static_cast<double>(
        std::ranges::count_if(highs_, [threshold](const auto& entry) { return entry.second > threshold; }));
  };
  const double allowed = rate * static_cast<double>(highs_.size());
  constexpr int kSteps = 60;
  for (int i = 0; i < kSteps && high - low > 1e-9 * high; ++i) {
    const double middle = (low + high) / 2;
    (flagged(middle) <= allowed ? high : low) = middle;
  }
  return high;
}

}  // namespace liveops::backtest
