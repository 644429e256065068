#include "bench/fairness/thresholds.hpp"

#include <algorithm>
#include <array>

namespace liveops::bench {
namespace {

constexpr std::array kRates{1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 1e-1};
constexpr double kSustained = 2.2;  // events a second, of the shipped policy

}  // namespace

void ScoredBaseline::take(const backtest::Item& item, bool honest, const backtest::Truth& truth) {
  const double score = baseline_->score(item);
  if (honest) {
    highs_.add(item, score);
    return;
  }
  if (item.player >= cheaters_.size()) cheaters_.resize(item.player + std::size_t{1});
  Cheater& cheater = cheaters_[item.player];
  cheater.illicit = cheater.illicit || truth.illicit;
  cheater.high = std::max(cheater.high, score);
}

boost::json::array ScoredBaseline::curve() const {
  const auto all = std::ranges::count_if(cheaters_, &Cheater::illicit);
  boost::json::array points;
  for (const double rate : kRates) {
    const double threshold = threshold_for(rate);
    const auto found = std::ranges::count_if(
        cheaters_, [threshold](const Cheater& cheater) { return cheater.illicit && cheater.high > threshold; });
    points.push_back({rate, all > 0 ? static_cast<double>(found) / static_cast<double>(all) : 0.0});
  }
  return points;
}

std::vector<ScoredBaseline> all_baselines() {
  std::vector<ScoredBaseline> baselines;
  baselines.emplace_back(std::make_unique<backtest::FixedThresholds>(backtest::FixedThresholds::Limits{}));
  baselines.emplace_back(std::make_unique<backtest::RateOnly>(kSustained));
  baselines.emplace_back(std::make_unique<backtest::PersonalZ>());
  return baselines;
}

}  // namespace liveops::bench
