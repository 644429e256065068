#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "fairness/observation.hpp"
#include "fairness/player_key.hpp"
#include "fairness/stored_evidence.hpp"

namespace liveops::fairness {

inline constexpr std::size_t kRecentEvents = 8;
inline constexpr std::size_t kIntervalBins = 10;
inline constexpr std::size_t kIntervalWindow = 96;

/// What adds up over events, each by itself.
enum class Account : std::uint8_t { tempo, score_level, xp_level, score_tail, xp_tail, velocity, rhythm };
inline constexpr std::size_t kAccounts = 7;

/// All that the engine remembers of a player. All zero bytes are a player never seen.
struct PlayerState {
  PlayerKey key;
  std::int64_t last_us;                 // arrival of the last counted event; 0: none yet
  std::array<float, kLanes> own_level;  // how far usual awards lie above those of peers, in ln(amount + 1)
  float own_pace;                       // how much quicker than peers, in ln(interval)
  float burst_fill;                     // events in the two rate limits when the last one was counted
  float sustained_fill;
  float velocity;                                     // awards of the last five minutes, in usual ones
  std::uint32_t events;                               // counted
  std::uint32_t seq;                                  // lower half of the highest counter
  std::uint32_t active_since_s;                       // begin of play without a pause
  std::uint32_t throttled_until_s;                    // of the latest throttle or block, past ones too
  std::uint32_t evidence_from;                        // number of the event with which the evidence at hand began
  std::array<std::uint16_t, kRecentEvents> recent;    // tags of the last counted events, 16 bits each, 0: none
  std::array<std::uint8_t, kIntervalBins> intervals;  // of the window under way
  std::array<StoredEvidence, kAccounts> evidence;
  std::array<std::uint16_t, kLanes> awards;  // learnt from; stays at its maximum
  std::uint16_t award_variance;              // of the scores of residuals, in 1/8192
  std::uint16_t tempo_variance;
  std::uint16_t divergence;      // of the intervals from what is usual, smoothed, in 1/8192
  std::uint16_t slack_cs;        // time by which events may be late that a stall held up
  std::uint16_t recent_actions;  // two bits for each of `recent`
  std::uint16_t refused : 9;     // stays at its maximum
  std::uint16_t flag_noted : 1;  // flagged within the last two weeks
  std::uint16_t flag_time : 6;   // when last: third of a day, modulo 64
  std::uint32_t recent_next : 3;
  std::uint32_t referenced : 1;  // seen again since the clock hand passed
  std::uint32_t flagged : 1;
  std::uint32_t shadow_noted : 1;  // a shadow rule has spoken
  std::uint32_t quarantined : 1;
  std::uint32_t last_type : 2;
  std::uint32_t stepped_back : 1;  // the counter ran back at least once
  std::uint32_t long_noted : 1;    // this stretch of play was found to be too long
  std::uint32_t throttles : 3;     // in a row
  std::uint32_t blocks : 3;        // in a row
  std::uint32_t interval_count : 7;
  std::uint32_t last_interval : 8;  // the latest interval of play, in steps of 4 %; 0: none
};

/// Index entries cost one word and a quarter, of four bytes each, a player.
inline constexpr std::size_t kIndexBytesPerPlayer = 5;
inline constexpr std::size_t kBytesPerPlayer = sizeof(PlayerState) + kIndexBytesPerPlayer;
static_assert(kBytesPerPlayer <= 128, "a player may cost 128 bytes");

}  // namespace liveops::fairness
