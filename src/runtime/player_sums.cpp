#include "runtime/player_sums.hpp"

#include <algorithm>

namespace liveops::runtime {

namespace {

using ports::Measure;

/// A sum before and after an event.
struct Step {
  std::int64_t before = 0;
  std::int64_t after = 0;
  bool saturated = false;
};

Step add_to(std::int64_t& sum, std::int64_t amount) {
  Step step{.before = sum, .after = ports::kMaxSum, .saturated = amount > ports::kMaxSum - sum};
  if (!step.saturated) step.after = sum + amount;
  sum = step.after;
  return step;
}

bool crosses(const Step& step, std::int64_t threshold) {
  return step.before < threshold && threshold <= step.after;
}

template <class Sum>
void note(std::vector<const Sum*>& changed, const Sum& sum) {
  if (std::ranges::find(changed, &sum) == changed.end()) changed.push_back(&sum);
}

template <class Map, class Key>
std::int64_t value_or_zero(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? 0 : found->second;
}

}  // namespace

void PlayerSums::add(const ports::LedgerEntry& entry, const std::vector<ports::RewardThreshold>& thresholds) {
  changed_ = true;
  const Step total = add_to(progress_.xp, entry.xp);
  Step in_season;
  if (entry.season && entry.xp > 0) {
    auto& sum = *progress_.season_xp.try_emplace(*entry.season, 0).first;
    in_season = add_to(sum.second, entry.xp);
    note(changed_seasons_, std::as_const(sum));
  }
  Step kills;
  if (entry.boss_kill) {
    auto& sum = *progress_.boss_kills.try_emplace(*entry.boss_kill, 0).first;
    kills = add_to(sum.second, 1);
    note(changed_bosses_, std::as_const(sum));
  }
  saturated_ += std::size_t{total.saturated} + std::size_t{in_season.saturated} + std::size_t{kills.saturated};
  for (const auto& threshold : thresholds) {
    const bool killed_it = entry.boss_kill && *entry.boss_kill == threshold.boss_id;
    const bool reached = (threshold.measure == Measure::total_xp && crosses(total, threshold.value)) ||
                         (threshold.measure == Measure::season_xp && crosses(in_season, threshold.value)) ||
                         (threshold.measure == Measure::boss_kills && killed_it && crosses(kills, threshold.value));
    if (!reached) continue;
    earned_.push_back({&threshold, threshold.measure == Measure::season_xp ? entry.season : std::nullopt});
  }
}

void PlayerSums::finish(core::Timestamp now) {
  if (!changed_) return;
  ++progress_.version;
  progress_.updated_at = now;
}

bool reaches(const ports::Progress& progress, const ports::RewardThreshold& threshold,
             const std::optional<core::SeasonId>& season) {
  switch (threshold.measure) {
    case Measure::total_xp:
      return progress.xp >= threshold.value;
    case Measure::season_xp:
      return season && value_or_zero(progress.season_xp, *season) >= threshold.value;
    case Measure::boss_kills:
      return value_or_zero(progress.boss_kills, threshold.boss_id) >= threshold.value;
  }
  return false;
}

}  // namespace liveops::runtime
