#pragma once

#include <boost/json/array.hpp>
#include <memory>
#include <string>
#include <vector>

#include "backtest/baselines.hpp"
#include "backtest/scorer.hpp"
#include "backtest/threshold.hpp"

namespace liveops::bench {

/// A baseline that only gives scores: how high each honest player-day and each cheater got.
class ScoredBaseline {
 public:
  explicit ScoredBaseline(std::unique_ptr<backtest::Baseline> baseline) : baseline_(std::move(baseline)) {}

  /// `honest`: by an honest player, or before the onset.
  void take(const backtest::Item& item, bool honest, const backtest::Truth& truth);

  [[nodiscard]] std::string name() const { return std::string(baseline_->name()); }
  [[nodiscard]] double threshold_for(double rate) const { return highs_.threshold_for(rate); }
  [[nodiscard]] std::unique_ptr<backtest::Baseline> fresh() const { return baseline_->fresh(); }
  /// Recall at several rates of false flags: [[rate, recall], ...].
  [[nodiscard]] boost::json::array curve() const;

 private:
  struct Cheater {
    bool illicit = false;
    double high = 0;
  };
  std::unique_ptr<backtest::Baseline> baseline_;
  backtest::DailyHighs highs_;
  std::vector<Cheater> cheaters_;  // by player
};

[[nodiscard]] std::vector<ScoredBaseline> all_baselines();

}  // namespace liveops::bench
