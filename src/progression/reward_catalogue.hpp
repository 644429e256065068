#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/rules.hpp"
#include "ports/progress_store.hpp"
#include "progression/level_curve.hpp"

namespace liveops::progression {

/// How far a player is towards a reward, in the unit of its condition (levels, kills, XP).
struct RewardProgress {
  std::int64_t current = 0;
  std::int64_t required = 0;
};

/// The rewards of the game, with their conditions as thresholds over stored sums.
///
/// A level condition becomes the XP at which the level begins; a level that does not exist is never reached.
/// Threads: any (const).
class RewardCatalogue {
 public:
  RewardCatalogue(std::vector<core::RewardRules> rewards, const LevelCurve& levels);

  [[nodiscard]] const std::vector<core::RewardRules>& rewards() const { return rewards_; }
  /// Null when there is none with this id.
  [[nodiscard]] const core::RewardRules* find(const core::RewardId& id) const;
  /// One per reward, in catalogue order.
  [[nodiscard]] const ports::RewardThresholds& thresholds() const { return thresholds_; }
  /// Requires: the catalogue has it.
  [[nodiscard]] const ports::RewardThreshold& threshold_of(const core::RewardId& id) const;
  /// "a, b, c": what an answer to an unknown reward names.
  [[nodiscard]] std::string list() const;

 private:
  [[nodiscard]] std::size_t index_of(const core::RewardId& id) const;

  std::vector<core::RewardRules> rewards_;
  ports::RewardThresholds thresholds_;
};

/// Rewards with a SeasonXp condition are earned anew in each season.
[[nodiscard]] bool is_seasonal(const core::RewardRules& reward);

/// `season`: the one that a seasonal reward is looked at in.
[[nodiscard]] RewardProgress progress_toward(const core::RewardRules& reward, const ports::Progress& progress,
                                             const LevelCurve& levels, const core::SeasonId& season);

}  // namespace liveops::progression
