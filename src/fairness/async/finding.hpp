#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/ids.hpp"
#include "core/time.hpp"

namespace liveops::fairness::async {

/// The checks of the slower tier, by the name that metrics and decisions carry.
enum class Check : std::uint8_t {
  session_shift,   // awards or score an hour of the last sessions above the player's own past
  tempo_shift,     // intervals of the last sessions shorter than the player's own past
  skill_jump,      // several of these at once within two sessions: another hand plays
  timing,          // shape of the intervals unlike everybody's
  award_shape,     // shape of the awards unlike everybody's: some are raised, others not
  replay,          // the same actions, amounts and intervals again
  farm,            // in step with another player, second by second, session after session
  round_the_clock  // unbroken activity, and hours of the day without a pattern
};
inline constexpr std::size_t kChecks = 8;

[[nodiscard]] constexpr std::string_view to_string(Check check) {
  constexpr std::array<std::string_view, kChecks> kNames{
      "session_shift", "tempo_shift", "skill_jump", "timing", "award_shape", "replay", "farm", "round_the_clock"};
  return kNames[static_cast<std::size_t>(check)];
}

/// What should follow. The slower tier never throttles or blocks; quarantine is for who was flagged on another day
/// before.
enum class Proposal : std::uint8_t { none, review, flag, quarantine };
inline constexpr std::size_t kProposals = 4;
[[nodiscard]] constexpr std::string_view to_string(Proposal proposal) {
  constexpr std::array<std::string_view, kProposals> kNames{"none", "review", "flag", "quarantine"};
  return kNames[static_cast<std::size_t>(proposal)];
}

/// What one check has to say of a player: numbers only, `in_words` (explanation.hpp) puts them into words.
struct Finding {
  core::PlayerId player;
  Check check = Check::session_shift;
  Proposal proposal = Proposal::none;
  double observed = 0;       // in the check's own unit, see explanation.cpp
  double expected = 0;       // from the player's own past, or what is usual
  double peer_quantile = 0;  // share of players below, 0..1
  double once_in = 1;        // judgements of honest players among which one such is to be expected
  double e_value = 0;        // E <= 1 under honest play (evidence.hpp)
  std::uint32_t samples = 0;
  core::Timestamp from;  // of the play that carries it
  core::Timestamp to;
  core::PlayerId partner;    // replay, farm: the other player; empty when there is none, or no longer known
  core::EventId last_event;  // the latest event that was counted
};

}  // namespace liveops::fairness::async
