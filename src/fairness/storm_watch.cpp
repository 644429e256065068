#include "fairness/storm_watch.hpp"

#include <algorithm>
#include <cmath>

namespace liveops::fairness {
namespace {

constexpr float kUsualShare = 0.212F;  // 1 - Phi(0.8)
constexpr float kLeastRise = 0.2F;
constexpr float kSigmas = 4;
constexpr float kOver = 0.3F;
constexpr float kFewest = 10;
constexpr float kFade = 0.7F;

}  // namespace

void StormWatch::Count::add(float score) {
  all += 1;
  if (score > StormWatch::kHigh) high += 1;
}

void StormWatch::Count::fade() {
  all *= kFade;
  high *= kFade;
}

bool StormWatch::is_rise(float high, float all) {
  if (all < kFewest) return false;
  const float chance = kSigmas * std::sqrt(kUsualShare * (1 - kUsualShare) / all);
  return high / all - kUsualShare > std::max(kLeastRise, chance);
}

bool StormWatch::Count::storm(bool was) const {
  if (was) return all >= kFewest ? high / all > kOver : all > 1;
  return is_rise(high, all);
}

void StormWatch::add(const Sample& sample) {
  if (!sample.judged) return;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    if (sample.x[lane] != 0) awards_[sample.kind][lane].add(sample.score[lane]);
  }
  if (sample.timed) tempo_[sample.type].add(sample.tempo_score);
}

bool StormWatch::turn(Population& population) {
  bool changed = false;
  began_ = false;
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      AwardStats& stats = population.awards[kind][lane];
      const std::uint8_t storm = awards_[kind][lane].storm(stats.storm != 0) ? 1 : 0;
      began_ = began_ || storm > stats.storm;
      changed = changed || storm != stats.storm;
      stats.storm = storm;
      awards_[kind][lane].fade();
    }
  }
  for (std::size_t type = 0; type < tempo_.size(); ++type) {
    TempoStats& stats = population.tempo[type];
    const std::uint8_t storm = tempo_[type].storm(stats.storm != 0) ? 1 : 0;
    changed = changed || storm != stats.storm;
    stats.storm = storm;
    tempo_[type].fade();
  }
  return changed;
}

}  // namespace liveops::fairness
