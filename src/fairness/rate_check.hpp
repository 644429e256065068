#pragma once

#include <algorithm>
#include <optional>

#include "core/time.hpp"
#include "fairness/decision.hpp"
#include "fairness/player_state.hpp"
#include "fairness/population.hpp"
#include "fairness/terms.hpp"

namespace liveops::fairness {

/// One rate limit (GCRA, ITU-T I.371, told as a bucket that leaks): `per_second` on average, `size` at once.
struct RateLimit {
  double per_second = 1;
  double size = 1;

  /// Events in the bucket, `filled` of them when it was last looked at `since_us` ago.
  [[nodiscard]] double fill(float filled, std::int64_t since_us) const {
    return std::max(0.0, static_cast<double>(filled) -
                             static_cast<double>(std::max<std::int64_t>(0, since_us)) * 1e-6 * per_second);
  }
};

/// Two rate limits a player: a short one against floods, a long one against play that never pauses. The policy's are
/// the least: where the population as a whole sends more, limits grow with it.
///
/// An event counts against both or, when either refuses, against none.
struct RateCheck {
  RateCheck(const Terms& terms, const Population& population);

  /// What to say when the event finds no room; nullopt, and its credit taken, when it does.
  [[nodiscard]] std::optional<Finding> judge(const Terms& terms, PlayerState& player, core::Timestamp now) const;

  /// The event is counted although there was no room: its credit is not taken.
  void settle(PlayerState& player, core::Timestamp now) const;

  /// Events that would pass at once at `now`.
  struct Credit {
    double burst = 0;
    double sustained = 0;
  };
  [[nodiscard]] Credit credit(const PlayerState& player, core::Timestamp now) const;

  RateLimit burst;
  RateLimit sustained;
};

}  // namespace liveops::fairness
