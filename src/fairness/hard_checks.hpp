#pragma once

#include <optional>

#include "fairness/catalogue.hpp"
#include "fairness/decision.hpp"
#include "fairness/player_state.hpp"
#include "fairness/population.hpp"
#include "fairness/terms.hpp"

/// What one event shows by itself. Each gives a finding that asks for all that its rule allows.
namespace liveops::fairness {

/// An amount beyond the catalogue.
struct BoundsCheck {
  [[nodiscard]] static std::optional<Finding> judge(const Terms& terms, const Limits& limits, const Observation& event);
};

/// The player's own counter runs back by more than the policy allows. Where that happens to more than one player in
/// fifty it is the game's way (a counter a session, say), and says nothing.
struct SequenceCheck {
  [[nodiscard]] static std::optional<Finding> judge(const Terms& terms, const Population& population,
                                                    PlayerState& player, const Observation& event);
};

/// The event's own time lies too far from its arrival.
struct ClockCheck {
  [[nodiscard]] static std::optional<Finding> judge(const Terms& terms, const Observation& event);
};

/// Play without a pause for longer than people play. Once in a stretch.
struct UnbrokenCheck {
  [[nodiscard]] static std::optional<Finding> judge(const Terms& terms, PlayerState& player, core::Timestamp now);
};

}  // namespace liveops::fairness
