#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/rules.hpp"

namespace liveops::progression {

/// How much experience makes which level. Level 1 needs none; every further level needs more than the one before.
///
/// First the table of the rules, then the formula, up to `max_level` or to the last level that 2^53 XP can reach.
/// Threads: any (const).
class LevelCurve {
 public:
  explicit LevelCurve(const core::LevelRules& rules);

  /// Complexity: O(log levels). Requires: xp >= 0.
  [[nodiscard]] int level_of(std::int64_t xp) const;
  /// Total XP at which the level after that of `xp` begins; nullopt at the top.
  [[nodiscard]] std::optional<std::int64_t> next_threshold(std::int64_t xp) const;
  /// Total XP at which `level` begins; nullopt for a level that does not exist.
  [[nodiscard]] std::optional<std::int64_t> threshold_of(int level) const;
  [[nodiscard]] int top_level() const;

 private:
  std::vector<std::int64_t> thresholds_;  // of levels 2, 3, ...; strictly ascending
};

}  // namespace liveops::progression
