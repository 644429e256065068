#include "fairness/population.hpp"

#include <algorithm>
#include <cstdint>

namespace liveops::fairness {
namespace {

constexpr float kMeanAbsoluteToSigma = 1.2533F;  // sqrt(pi / 2), of a normal distribution
constexpr float kQuartileToSigma = 1.4826F;      // 1 / 0.6745
constexpr float kLeastSpread = 0.2F;             // awards that never vary still may by a fifth
constexpr float kBaseSigmas = 4;                 // usual levels this far above the median need no excuse
constexpr float kLeastBase = 1.5F;
constexpr std::int64_t kActiveSeconds = 300;
constexpr float kRising = 8;          // a CUSUM that honest play reaches once in e^8 events
constexpr double kStormShare = 0.25;  // of the active players

float quantile(std::vector<float> values, double q) {
  const auto at = static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

}  // namespace

double ChannelStats::quantile_of(float log_amount) const {
  if (levels.empty()) return 0;
  const auto below = std::lower_bound(levels.begin(), levels.end(), log_amount) - levels.begin();
  return static_cast<double>(below) / static_cast<double>(levels.size());
}

void PopulationBuilder::add(const PlayerState& player) {
  bool judged = false;
  for (std::size_t i = 0; i < kChannels; ++i) {
    if (player.samples[i] < static_cast<unsigned>(std::max(1, rules_.min_personal))) continue;
    judged = true;
    if (player.flagged) continue;
    samples_[i].levels.push_back(player.level[i]);
    samples_[i].deviations.push_back(player.deviation[i]);
  }
  if (!judged) return;
  ++players_;
  const auto now_s = std::chrono::duration_cast<std::chrono::seconds>(now_.time_since_epoch()).count();
  if (now_s - static_cast<std::int64_t>(player.last_seen_s) > kActiveSeconds) return;
  ++active_;
  if (player.cusum > kRising) ++rising_;
}

ChannelStats PopulationBuilder::stats_of(const Samples& samples) const {
  ChannelStats stats;
  stats.ready = true;
  stats.levels = samples.levels;
  std::sort(stats.levels.begin(), stats.levels.end());
  const auto at = [&stats](double q) {
    return stats.levels[static_cast<std::size_t>(q * static_cast<double>(stats.levels.size() - 1))];
  };
  stats.level = at(0.5);
  stats.spread = std::max(kLeastSpread, kMeanAbsoluteToSigma * quantile(samples.deviations, 0.5));
  const float between = kQuartileToSigma * (at(0.75) - at(0.5)) / stats.spread;
  stats.highest_base = std::max(kLeastBase, kBaseSigmas * between);
  return stats;
}

std::shared_ptr<const Population> PopulationBuilder::build(const Population& previous) const {
  const auto enough = static_cast<std::size_t>(std::max(2, rules_.min_population));
  auto next = std::make_shared<Population>();
  next->players = players_;
  for (std::size_t i = 0; i < kChannels; ++i) {
    next->channels[i] = samples_[i].levels.size() < enough ? previous.channels[i] : stats_of(samples_[i]);
  }
  next->storm = active_ >= enough && static_cast<double>(rising_) > kStormShare * static_cast<double>(active_);
  return next;
}

}  // namespace liveops::fairness
