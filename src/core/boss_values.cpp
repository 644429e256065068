#include "core/boss_values.hpp"

#include <algorithm>
#include <cmath>

namespace liveops::core {

namespace {

double multiplier(const BossRules& boss, const BossKill& kill) {
  if (!kill.difficulty) return 1;
  const auto found = boss.difficulties.find(*kill.difficulty);
  return found == boss.difficulties.end() ? 1 : found->second;
}

std::int64_t scaled(std::int64_t value, double factor) {
  if (factor == 1) return value;  // exact beyond the 53 bits of a double, too
  const double product = std::round(static_cast<double>(value) * factor);
  return static_cast<std::int64_t>(std::clamp(product, 0.0, static_cast<double>(kMaxExactInteger)));
}

}  // namespace

ResolvedKill resolve_boss_kill(std::span<const BossRules> bosses, const BossKill& kill) {
  const auto boss = std::ranges::find(bosses, kill.boss_id, &BossRules::id);
  if (boss == bosses.end()) return {kill.xp.value_or(0), kill.score.value_or(0), false};
  const double factor = multiplier(*boss, kill);
  return {kill.xp ? *kill.xp : scaled(boss->xp, factor), kill.score ? *kill.score : scaled(boss->score, factor), true};
}

}  // namespace liveops::core
