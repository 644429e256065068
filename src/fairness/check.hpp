#pragma once

#include <concepts>

#include "fairness/player_state.hpp"
#include "fairness/scene.hpp"

namespace liveops::fairness {

/// Likelihood ratio that is neutral.
inline constexpr float kNoEvidence = 0;

/// A check that weighs each event: `weigh` gives ln L, where L is how much likelier the event is if the player cheats
/// than if not, with E[L] <= 1 under honest play. `learn` takes the event into the player's own past, afterwards.
/// Pure: no clock, no memory of its own, no virtual call. `accounts` is where the evidence goes.
template <class C>
concept EvidenceCheck = requires(const Scene& scene, PlayerState& player) {
  { C::kAccount } -> std::convertible_to<Account>;
  { C::applies(scene) } -> std::same_as<bool>;
  { C::weigh(scene, player) } -> std::same_as<float>;
  { C::learn(scene, player) } -> std::same_as<void>;
};

}  // namespace liveops::fairness
