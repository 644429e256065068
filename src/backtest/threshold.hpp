#pragma once

#include <cstdint>
#include <unordered_map>

#include "backtest/judge.hpp"

namespace liveops::backtest {

/// The highest score of each honest player-day, from which follows how many of them any threshold would flag.
///
/// Threads: one.
class DailyHighs {
 public:
  /// An event of honest play.
  void add(const Item& item, double score);

  /// The least threshold that flags at most `rate` of the player-days. Bisection over the scores.
  [[nodiscard]] double threshold_for(double rate) const;

  [[nodiscard]] std::size_t player_days() const { return highs_.size(); }

 private:
  std::unordered_map<std::uint64_t, double> highs_;  // by player and day
};

}  // namespace liveops::backtest
