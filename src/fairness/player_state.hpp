#pragma once

#include <array>
#include <cstdint>

#include "fairness/observation.hpp"
#include "fairness/player_key.hpp"

namespace liveops::fairness {

inline constexpr std::size_t kRecentEvents = 8;

/// All that the engine remembers of a player. All zero bytes are a player never seen.
struct PlayerState {
  PlayerKey key;
  std::int64_t burst_tat_us;  // theoretical arrival times of the two rate limits
  std::int64_t sustained_tat_us;
  std::array<std::uint32_t, kRecentEvents> recent;  // tags of the last counted events, 0: none
  std::array<float, kChannels> level;               // usual ln(amount + 1)
  std::array<float, kChannels> deviation;           // usual distance from it
  std::array<std::uint16_t, kChannels> samples;     // amounts learnt from; stays at its maximum
  float cusum;                                      // evidence that awards lie above what they should
  std::uint32_t last_seen_s;
  std::uint32_t throttled_until_s;  // of the latest throttle, past ones too
  std::uint32_t events;             // counted
  std::uint16_t refused;            // stays at its maximum
  std::uint16_t recent_actions;     // two bits for each of `recent`
  std::uint8_t recent_next;         // where the next tag goes
  std::uint8_t throttles;           // in a row
  bool referenced;                  // seen again since the clock hand passed
  bool flagged;
};

/// Index entries cost one word and a quarter, of four bytes each, a player.
inline constexpr std::size_t kIndexBytesPerPlayer = 5;
inline constexpr std::size_t kBytesPerPlayer = sizeof(PlayerState) + kIndexBytesPerPlayer;
static_assert(kBytesPerPlayer <= 128, "a player may cost 128 bytes");

}  // namespace liveops::fairness
