#pragma once

#include "fairness/decision.hpp"
#include "fairness/judge.hpp"
#include "fairness/player_state.hpp"
#include "fairness/scene.hpp"

/// From evidence to what follows of it. Internal to the judge.
namespace liveops::fairness {

/// Whether a check has to hold still because everybody rises at once.
[[nodiscard]] bool is_storm(const Scene& scene, Alarm alarm, Account account);

/// What everybody has to rise in for that.
[[nodiscard]] Alarm alarm_of(Account account);
/// What it shows when many come under suspicion by this account.
[[nodiscard]] Alarm shown_by(Account account);

/// The last word of `decision`: refuse, for the reason that was just added.
void refuse(Decision& decision, PlayerState& player, core::VerdictAction action, core::Timestamp until);

/// Does what the reason that was just added asks for. True: the event is refused.
bool follow_up(const Grounds& grounds, Decision& decision, PlayerState& player, core::VerdictAction asked,
               core::Timestamp now);

/// Says that an earlier throttle still holds.
[[nodiscard]] Finding throttle_under_way(const Grounds& grounds, const PlayerState& player);

/// Holds the evidence against the budgets, once an event was weighed and counted.
void conclude(const Grounds& grounds, const Scene& scene, Decision& decision, PlayerState& player, core::Timestamp now);

}  // namespace liveops::fairness
