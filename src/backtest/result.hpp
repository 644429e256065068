#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "backtest/level.hpp"

namespace liveops::backtest {

/// How long something took; infinite where it never came.
struct Delay {
  double median = 0;
  double p95 = 0;
};

/// One level of action, over all cheaters or over those of one kind.
struct LevelResult {
  std::uint64_t found = 0;   // cheaters, at or after their onset
  Delay events;              // illicit ones up to the first action, that one included
  Delay seconds;             // from the first illicit event
  double leaked_before = 0;  // illicit score that counted before the first action, of all of it
};

/// False actions of one level.
struct FalseResult {
  std::uint64_t players = 0;      // honest ones, and cheaters before their onset
  std::uint64_t player_days = 0;  // with at least one
};

struct KindResult {
  std::uint64_t cheaters = 0;  // who did something illicit
  double illicit_score = 0;
  double leaked = 0;  // share of it that counted
  std::array<LevelResult, kLevels> levels;
};

/// How often a rule spoke, to whom.
struct RuleResult {
  std::uint64_t cheaters = 0;  // players, at or after their onset
  std::uint64_t honest = 0;    // players, or before it
};

/// What came of a run.
struct Result {
  std::uint64_t players = 0;
  std::uint64_t events = 0;
  std::uint64_t refused = 0;
  std::uint64_t honest_events = 0;  // of honest players, and before an onset
  std::uint64_t honest_refused = 0;
  std::uint64_t honest_player_days = 0;  // with at least one such event
  bool labelled = false;                 // false: all that tells honest from cheater means nothing
  KindResult all;
  std::map<std::string, KindResult> kinds;
  std::array<FalseResult, kLevels> false_actions;
  std::array<std::uint64_t, kLevels> players_acted_on{};
  std::map<std::string, RuleResult> rules;

  [[nodiscard]] double recall(Level level) const;
  /// Cheaters among the players who met with this level; 1 when there are none.
  [[nodiscard]] double precision(Level level) const;
  [[nodiscard]] double false_per_player_day(Level level) const;
  /// An upper bound of that, at 95 %.
  [[nodiscard]] double false_bound(Level level) const;
};

}  // namespace liveops::backtest
