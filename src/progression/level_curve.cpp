#include "progression/level_curve.hpp"

#include <algorithm>
#include <cmath>

#include "core/event.hpp"

namespace liveops::progression {

namespace {

/// XP from level `level` to the next one: at least 1, so that the curve always rises; 2^53 when the formula leaves
/// range.
std::int64_t step_from(const core::LevelRules& rules, int level) {
  const double step = std::floor(static_cast<double>(rules.base) * std::pow(level, rules.exponent));
  if (!(step < static_cast<double>(core::kMaxExactInteger))) return core::kMaxExactInteger;
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(step));
}

}  // namespace

LevelCurve::LevelCurve(const core::LevelRules& rules) {
  std::int64_t last = 0;
  for (int level = 2; level <= rules.max_level; ++level) {
    const auto row = static_cast<std::size_t>(level - 2);
    const std::int64_t next =
        row < rules.thresholds.size() ? rules.thresholds[row] : last + step_from(rules, level - 1);
    if (next <= last || next > core::kMaxExactInteger) break;
    thresholds_.push_back(next);
    last = next;
  }
}

int LevelCurve::level_of(std::int64_t xp) const {
  return 1 + static_cast<int>(std::ranges::upper_bound(thresholds_, xp) - thresholds_.begin());
}

std::optional<std::int64_t> LevelCurve::next_threshold(std::int64_t xp) const {
  const auto next = std::ranges::upper_bound(thresholds_, xp);
  return next == thresholds_.end() ? std::nullopt : std::optional(*next);
}

std::optional<std::int64_t> LevelCurve::threshold_of(int level) const {
  if (level == 1) return 0;
  if (level < 1 || level > top_level()) return std::nullopt;
  return thresholds_[static_cast<std::size_t>(level - 2)];
}

int LevelCurve::top_level() const {
  return 1 + static_cast<int>(thresholds_.size());
}

}  // namespace liveops::progression
