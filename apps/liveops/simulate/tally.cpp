#include "apps/liveops/simulate/tally.hpp"

#include <algorithm>

namespace liveops::apps {

void Tally::accepted(std::uint32_t player, std::int64_t xp) {
  ++accepted_;
  promised_xp_[player] += xp;
}

void Tally::duplicate(std::uint32_t player, std::int64_t xp) {
  ++duplicates_;
  promised_xp_[player] += xp;  // an earlier try of this run whose answer was lost
}

std::uint64_t Tally::refused() const {
  std::uint64_t sum = 0;
  for (const auto& [reason, count] : refused_) sum += count;
  return sum;
}

double Tally::latency(double quantile) {
  if (latencies_.empty()) return 0;
  const auto index = static_cast<std::size_t>(quantile * static_cast<double>(latencies_.size() - 1));
  std::ranges::nth_element(latencies_, latencies_.begin() + static_cast<std::ptrdiff_t>(index));
  return latencies_[index];
}

}  // namespace liveops::apps
