#pragma once

#include <optional>

#include "core/rules.hpp"
#include "core/time.hpp"
#include "fairness/decision.hpp"
#include "fairness/gcra.hpp"
#include "fairness/player_state.hpp"

namespace liveops::fairness {

/// Two rate limits a player: a short one against floods, a long one against play that never pauses.
///
/// An event counts against both or, when either refuses, against none.
/// Threads: any (const).
class BurstCheck {
 public:
  explicit BurstCheck(const core::BurstRules& rules);

  /// Takes one event's credit from `player`; a finding (`until` = earliest retry) when there is none left.
  [[nodiscard]] std::optional<Finding> judge(PlayerState& player, core::Timestamp now) const;

  /// Events that would pass at once at `now`.
  struct Credit {
    double burst = 0;
    double sustained = 0;
  };
  [[nodiscard]] Credit credit(const PlayerState& player, core::Timestamp now) const;

 private:
  [[nodiscard]] Finding refusal(Detector detector, const Gcra& limit, std::int64_t tat_us, std::int64_t now_us) const;

  core::RuleMode mode_;
  Gcra burst_;
  Gcra sustained_;
};

}  // namespace liveops::fairness
