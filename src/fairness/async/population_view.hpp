#pragma once

#include <array>
#include <cstddef>

namespace liveops::fairness::async {

/// Intervals, and awards, fall into 24 bins of half an octave each; the player's own mean lies in the middle.
inline constexpr std::size_t kShapeBins = 24;

/// What is usual among players over days. Every player counts once, whatever he plays, and players under suspicion do
/// not count: neither bots that play all day nor several cheats at once shift it much.
struct PopulationView {
  std::size_t players = 0;                       // compared
  bool timing_ready = false;                     // enough players for the next three
  std::array<float, kShapeBins> timing_shape{};  // share of intervals in each bin, own tempo removed; sums to 1
  float timing_divergence_median = 0;            // KL to it, of players with 256 intervals
  float timing_divergence_q99 = 0;
  bool tempo_ready = false;
  float tempo_median = 0;  // across players, of each one's mean ln(interval in seconds)
  float tempo_spread = 0;  // between players, as a standard deviation
  bool velocity_ready = false;
  float velocity_median = 0;  // across players, of each one's ln(score a minute of play)
  float velocity_q97 = 0;
};

}  // namespace liveops::fairness::async
