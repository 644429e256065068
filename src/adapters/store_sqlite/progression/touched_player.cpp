#include "adapters/store_sqlite/progression/touched_player.hpp"

#include <algorithm>

namespace liveops::adapters::store_sqlite::progression {

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

}  // namespace

void TouchedPlayer::add(const ports::LedgerEntry& entry, const std::vector<ports::RewardThreshold>& thresholds) {
  changed_ = true;
  const Step total = add_to(row_.progress.xp, entry.xp);
  Step in_season;
  if (entry.season && entry.xp > 0) {
    auto& sum = *row_.progress.season_xp.try_emplace(*entry.season, 0).first;
    in_season = add_to(sum.second, entry.xp);
    note(changed_seasons_, std::as_const(sum));
  }
  Step kills;
  if (entry.boss_kill) {
    auto& sum = *row_.progress.boss_kills.try_emplace(*entry.boss_kill, 0).first;
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

void TouchedPlayer::finish(core::Timestamp now) {
  if (!changed_) return;
  ++row_.progress.version;
  row_.progress.updated_at = now;
}

}  // namespace liveops::adapters::store_sqlite::progression
