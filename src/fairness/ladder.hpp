#pragma once

#include <optional>

#include "core/rules.hpp"
#include "core/time.hpp"
#include "core/verdict.hpp"
#include "fairness/player_state.hpp"

namespace liveops::fairness {

/// What follows from repeated evidence: throttles that double from `throttle_first` to `throttle_max`, and, where
/// `throttles_to_block` is set, a block after that many. One throttle is forgiven per half hour without another.
///
/// Threads: any (const).
class Ladder {
 public:
  explicit Ladder(const core::LadderRules& rules) : rules_(rules) {}

  struct Step {
    core::VerdictAction action = core::VerdictAction::throttle;
    core::Timestamp until;
  };

  /// The next rung for `player`, who has given evidence enough.
  [[nodiscard]] Step escalate(PlayerState& player, core::Timestamp now) const;

  /// When a block that starts now ends.
  [[nodiscard]] core::Timestamp block_until(core::Timestamp now) const { return now + rules_.block_for; }

  /// The end of the throttle in force; nullopt when there is none.
  [[nodiscard]] static std::optional<core::Timestamp> throttled_until(const PlayerState& player, core::Timestamp now);

 private:
  core::LadderRules rules_;
};

}  // namespace liveops::fairness
