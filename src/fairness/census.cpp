#include "fairness/census.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "fairness/quantiles.hpp"
#include "fairness/rhythm_check.hpp"
#include "fairness/temper.hpp"

namespace liveops::fairness {
namespace {

constexpr std::size_t kPlayerGroups = 65'536;
constexpr std::size_t kFewest = 150;        // samples to say what is usual
constexpr std::size_t kForShape = 400;      // and how it is spread, at first
constexpr std::size_t kForNewShape = 1500;  // and later: what is known is not given up for less
// Beyond it a steady past is no excuse, in robust standard deviations: skill has long tails, hands have not.
constexpr float kSkillFence = 10;
constexpr float kOwnPaceFence = 4;
constexpr float kRateFence = 5;
constexpr std::size_t kForFence = 30;       // players
constexpr std::uint32_t kKnownEvents = 30;  // of a player, who stands for others then
constexpr std::uint32_t kLongKnown = 200;
constexpr float kSteady = 1e4F;       // evidence of who plays like a clock
constexpr float kLeastSpread = 0.1F;  // amounts and intervals that never vary still may by a tenth

std::vector<float> sorted(std::vector<float> values) {
  sort(values);
  return values;
}

float median(std::vector<float> values) {
  return quantile_of(values, 0.5);
}

/// Levels and own levels are known only relative to each other: this pulls the middle of the latter back to 0, slowly
/// enough for players to follow.
constexpr float kAnchor = 0.02F;

/// What few samples say of the tempo counts in part.
void keep_part(const TempoStats& before, std::size_t samples, TempoStats& stats) {
  constexpr float kCountsInFull = 2000;
  const float part = std::min(1.0F, static_cast<float>(samples) / kCountsInFull);
  const auto mix = [part](float earlier, float& now) { now = earlier + part * (now - earlier); };
  mix(before.level, stats.level);
  mix(before.spread, stats.spread);
  mix(before.slow, stats.slow);
  for (std::size_t i = 0; i < kKnots; ++i) mix(before.residual.at[i], stats.residual.at[i]);
}

void meet(std::array<std::uint64_t, 4>& met, std::uint16_t player) {
  met[(player >> 6U) & 3U] |= std::uint64_t{1} << (player & 63U);
}

}  // namespace

Census::Own::Own(const Values& all, const Values& long_known, float sigmas) {
  if (all.size() < kForFence) return;
  anchor = kAnchor * median(all);
  Values best_known = long_known.size() >= kForFence ? long_known : all;
  fence = upper_fence(best_known, sigmas);
}

Census::Census(const Terms& terms) : terms_(terms), of_player_(core::kEventTypes * kPlayerGroups) {}

bool Census::enough(const Met& met, std::size_t count) const {
  std::size_t groups = 0;
  for (const std::uint64_t word : met) groups += static_cast<std::size_t>(std::popcount(word));
  // 256 groups hide who shares one: half as many must do for large numbers.
  return count >= kFewest && groups >= std::min<std::size_t>(terms_.min_players, 128);
}

void Census::add(const Sample& sample) {
  std::uint8_t& given = of_player_[sample.type * kPlayerGroups + sample.player];
  if (given >= kPerPlayer) return;
  ++given;
  ++kept_;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    if (sample.x[lane] == 0 || !sample.at_play) continue;
    add_award(sample.type, lane, sample);
    if (sample.kind >= core::kEventTypes) add_award(sample.kind, lane, sample);
  }
  if (sample.any_interval_s > 0) any_intervals_.push_back(sample.any_interval_s);
  if (!sample.timed) return;
  if (sample.seasoned && sample.judged) velocities_.push_back(sample.velocity);
  if (!sample.at_play) return;
  Tempo& tempo = tempo_[sample.type];
  tempo.values.push_back(sample.log_interval + sample.own_pace);
  tempo.intervals.push_back(sample.log_interval);
  meet(tempo.met, sample.player);
  if (!sample.seasoned) return;
  if (sample.productive) deviations_.push_back(sample.deviation);
  if (sample.change >= 0) ++tempo.changes[RhythmCheck::bin_of(sample.change)];
}

void Census::add_award(std::size_t kind, std::size_t lane, const Sample& sample) {
  Awards& awards = awards_[kind][lane];
  const float value = sample.x[lane] - sample.own[lane];
  awards.values[sample.band].push_back(value);
  ++awards.count;
  meet(awards.band_met[sample.band], sample.player);
  meet(awards.met, sample.player);
  if (!sample.seasoned) return;
  awards.seasoned.push_back(value);
  awards.bands.push_back(sample.band);
}

void Census::add(const PlayerState& player) {
  if (player.events < kKnownEvents) return;
  ++players_;
  stepped_back_ += player.stepped_back;
  if (player.evidence[static_cast<std::size_t>(Account::rhythm)].value() > kSteady) ++steady_;
  own_paces_.push_back(player.own_pace);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    if (player.awards[lane] >= kKnownEvents) own_levels_[lane].push_back(player.own_level[lane]);
  }
  if (player.divergence > 0) divergences_.push_back(std::log(static_cast<float>(player.divergence) / 8192));
  if (player.events < kLongKnown) return;
  long_own_paces_.push_back(player.own_pace);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    if (player.awards[lane] >= kLongKnown) long_own_levels_[lane].push_back(player.own_level[lane]);
  }
  for (std::size_t i = 0; i < kAccounts; ++i) evidence_[i].push_back(player.evidence[i].value());
}

Population Census::build(const Population& previous) const {
  Population next = previous;
  next.samples = static_cast<std::uint32_t>(kept_);
  build_awards(next);
  build_tempo(next);
  build_timing(next);
  build_rates(next);
  if (velocities_.size() >= kForShape) {
    const auto values = sorted(velocities_);
    next.velocity.tail = tail_of(values, quantile(values, 0.75) - quantile(values, 0.5));
    next.velocity.usual = quantile(values, 0.5);
    next.velocity.ready = 1;
  }
  for (std::size_t i = 0; i < kAccounts; ++i) next.temper[i] = tempered(previous.temper[i], i, evidence_[i]);
  if (players_ >= kForFence) next.steps_back = static_cast<float>(stepped_back_) / static_cast<float>(players_);
  return next;
}

void Census::build_awards(Population& next) const {
  const std::array<Own, kLanes> own{Own(own_levels_[0], long_own_levels_[0], kSkillFence),
                                    Own(own_levels_[1], long_own_levels_[1], kSkillFence)};
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const Awards& awards = awards_[kind][lane];
      AwardStats& stats = next.awards[kind][lane];
      if (enough(awards.met, awards.count)) {
        stats = build_award(awards, stats, own[lane]);
        continue;
      }
      // Too little is known of this kind: its type as a whole has to do, as wide as that may be.
      constexpr std::size_t kFirstDrop = 24;
      if (stats.ready == 0 && kind >= core::kEventTypes) stats = next.awards[kind < kFirstDrop ? 1 : 2][lane];
    }
  }
}

AwardStats Census::build_award(const Awards& awards, const AwardStats& previous, const Own& own) const {
  AwardStats stats = previous;
  std::vector<float> all;
  all.reserve(awards.count);
  for (const Values& values : awards.values) all.insert(all.end(), values.begin(), values.end());
  const float level = quantile_of(all, 0.5) + own.anchor;
  for (std::size_t band = 0; band < kBands; ++band) {
    const Values& values = awards.values[band];
    // A band of few players is taken to be like the one below it, or like all where that is kinder.
    const float otherwise = band == 0 ? level : std::max(level, stats.level[band - 1]);
    stats.level[band] = enough(awards.band_met[band], values.size()) ? median(values) + own.anchor : otherwise;
  }
  if (previous.ready == 0 || awards.seasoned.size() >= kForNewShape ||
      (previous.samples < kForNewShape && awards.count > previous.samples)) {
    std::vector<float> residuals;
    const bool seasoned = awards.seasoned.size() >= kForShape;
    for (std::size_t i = 0; seasoned && i < awards.seasoned.size(); ++i) {
      residuals.push_back(awards.seasoned[i] - stats.level[awards.bands[i]]);
    }
    for (std::size_t band = 0; !seasoned && band < kBands; ++band) {
      for (const float value : awards.values[band]) residuals.push_back(value - stats.level[band]);
    }
    sort(residuals);
    stats.residual = knots_of(residuals, kLeastSpread);
    stats.spread = std::max(kLeastSpread, (stats.residual.at[5] - stats.residual.at[1]) / 2.564F);
    stats.tail = tail_of(residuals, stats.spread);
    stats.samples = static_cast<std::uint32_t>(residuals.size());
  }
  stats.highest_own = own.fence ? *own.fence + stats.spread : std::max(3 * stats.spread, 1.0F);
  stats.ready = 1;
  return stats;
}

void Census::build_tempo(Population& next) const {
  const Own own(own_paces_, long_own_paces_, kOwnPaceFence);
  for (std::size_t type = 0; type < tempo_.size(); ++type) {
    const Tempo& tempo = tempo_[type];
    if (!enough(tempo.met, tempo.values.size())) continue;
    TempoStats& stats = next.tempo[type];
    const TempoStats before = stats;
    Values values = sorted(tempo.values);
    stats.level = quantile(values, 0.5) - own.anchor;
    stats.slow = quantile(values, 0.75) - stats.level;
    for (float& value : values) value = stats.level - value;
    std::ranges::reverse(values);
    stats.residual = knots_of(values, kLeastSpread);
    stats.spread = std::max(kLeastSpread, (stats.residual.at[5] - stats.residual.at[1]) / 2.564F);
    constexpr float kPauses = 8;
    Values intervals = tempo.intervals;
    stats.longest_s = kPauses * std::exp(quantile_of(intervals, 0.9));
    if (before.ready != 0) keep_part(before, tempo.values.size(), stats);
    build_rhythm(tempo, stats);
    stats.highest_own = own.fence ? *own.fence + 0.1F : stats.spread;
    stats.ready = 1;
  }
}

void Census::build_rhythm(const Tempo& tempo, TempoStats& stats) const {
  constexpr float kSteadyShare = 0.1F;  // of players
  stats.steady = static_cast<float>(steady_) > kSteadyShare * static_cast<float>(players_) ? 1 : 0;
  float sum = 0;
  for (const float count : tempo.changes) sum += count + 1;
  if (sum < kForShape) return;
  for (std::size_t bin = 0; bin < kChanges; ++bin) {
    stats.log_change_share[bin] = std::log((tempo.changes[bin] + 1) / sum);
  }
}

void Census::build_timing(Population& next) const {
  TimingStats& timing = next.timing;
  if (deviations_.size() < kForShape) return;
  std::array<float, kIntervalBins> counts;
  counts.fill(1);
  for (const float deviation : deviations_) {
    const float place =
        std::clamp(deviation / TimingStats::kBinWidth + TimingStats::kMiddle, 0.0F, kIntervalBins - 1.0F);
    counts[static_cast<std::size_t>(place)] += 1;
  }
  const float sum = static_cast<float>(deviations_.size() + kIntervalBins);
  for (std::size_t bin = 0; bin < kIntervalBins; ++bin) timing.log_share[bin] = std::log(counts[bin] / sum);
  constexpr std::size_t kForDivergence = 60;
  if (divergences_.size() < kForDivergence) return;
  const auto values = sorted(divergences_);
  timing.divergence = quantile(values, 0.5);
  constexpr float kLeast = 0.3F;
  timing.spread = std::max({kLeast, (quantile(values, 0.75) - timing.divergence) / 0.6745F,
                            0.8F * (quantile(values, 0.9) - timing.divergence) / 1.2816F});
  constexpr float kStrange = 4.5F;
  constexpr double kCommonShare = 0.08;
  const auto strange = std::ranges::count_if(
      values, [&timing](float value) { return value - timing.divergence > kStrange * timing.spread; });
  timing.common = static_cast<double>(strange) > kCommonShare * static_cast<double>(values.size()) ? 1 : 0;
  timing.ready = 1;
}

void Census::build_rates(Population& next) const {
  if (any_intervals_.size() < kFewest || own_paces_.size() < kForFence) return;
  Values intervals = any_intervals_;
  const float longest = quantile_of(intervals, 0.99);
  double sum = 0;
  for (const float interval : intervals) sum += std::min(interval, longest);
  next.rates.usual = static_cast<float>(static_cast<double>(intervals.size()) / sum);
  Values paces = own_paces_;
  constexpr float kLeastRoom = 0.4F;
  next.rates.highest = next.rates.usual * std::exp(std::max(kLeastRoom, upper_fence(paces, kRateFence)));
  next.rates.ready = 1;
}

}  // namespace liveops::fairness
