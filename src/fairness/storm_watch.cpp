#include "fairness/storm_watch.hpp"

#include <algorithm>
#include <cmath>

namespace liveops::fairness {
namespace {

constexpr float kUsualShare = 0.212F;  // 1 - Phi(0.8)
constexpr float kLeastRise = 0.2F;
constexpr float kSigmas = 4;
constexpr float kSigma = 0.72F;      // of a clipped normal score
constexpr float kLeastMove = 0.35F;  // of the mean
constexpr float kFewest = 30;        // samples: one player alone gives several
constexpr float kLately = 0.95F;     // of a turn's samples stays for the next: half of two minutes
constexpr float kOver = 0.2F;
constexpr float kFewestToEnd = 20;
constexpr float kLatest = 0.975F;  // the last forty, more or less

}  // namespace

void StormWatch::Count::add(float score) {
  all += 1;
  sum += std::clamp(score, -1.0F, 1.0F);
}

void StormWatch::Count::fade(float factor) {
  all *= factor;
  sum *= factor;
}

bool StormWatch::is_rise(float high, float all) {
  if (all < kFewest) return false;
  const float chance = kSigmas * std::sqrt(kUsualShare * (1 - kUsualShare) / all);
  return high / all - kUsualShare > std::max(kLeastRise, chance);
}

bool StormWatch::moves(const Count& lately) {
  return lately.all >= kFewest &&
         std::abs(lately.mean()) > std::max(kLeastMove, kSigmas * kSigma / std::sqrt(lately.all));
}

bool StormWatch::goes_on(bool was, bool rises, Count& since) {
  if (rises) {
    since = {};  // what was before it does not show when it is over
    return true;
  }
  return was && (since.all < kFewestToEnd || std::abs(since.mean()) > kOver);
}

void StormWatch::add(const Sample& sample) {
  if (!sample.judged) return;
  const auto count = [](Count& latest, Count& lately, float score) {
    latest.fade(kLatest);
    latest.add(score);
    lately.add(score);
  };
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    if (sample.x[lane] != 0) count(awards_[sample.kind][lane], lately_[lane], sample.score[lane]);
  }
  if (sample.timed) count(tempo_[sample.type], lately_[kLanes], sample.tempo_score);
}

bool StormWatch::turn(Population& population, Alarm alarm) {
  bool changed = false;
  bool begins = false;
  bool went_on = false;
  std::array<bool, kLanes + 1> rises{};
  for (std::size_t i = 0; i < rises.size(); ++i) {
    rises[i] = (alarm >> i & 1U) != 0 || moves(lately_[i]);
    lately_[i].fade(kLately);
  }
  const auto mark = [&](std::uint8_t& storm, bool rise, Count& since) {
    const bool known = storm != 0 || since.all > 0;  // kinds that nobody meets know no storm
    const std::uint8_t next = known && goes_on(storm != 0, rise, since) ? 1 : 0;
    changed = changed || next != storm;
    begins = begins || next > storm;
    went_on = went_on || storm != 0;
    storm = next;
  };
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      mark(population.awards[kind][lane].storm, rises[lane], awards_[kind][lane]);
    }
  }
  began_ = begins && !went_on;
  for (std::size_t type = 0; type < tempo_.size(); ++type) {
    mark(population.tempo[type].storm, rises[kLanes], tempo_[type]);
  }
  return changed;
}

}  // namespace liveops::fairness
