#include "fairness/terms.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "fairness/population.hpp"

namespace liveops::fairness {
namespace {

using core::Detector;

constexpr std::array<std::uint32_t, kBands - 1> kFirstOfBand{64, 128, 256, 512, 1024, 2048, 4096};

std::int64_t in_seconds(std::chrono::seconds span) {
  return span.count();
}
std::int64_t in_micros(std::chrono::microseconds span) {
  return span.count();
}

/// A check's weight, shared by its accounts.
double share(const core::EvidenceRule& rule, int accounts) {
  return rule.mode == core::RuleMode::off ? 0 : rule.weight / accounts;
}

}  // namespace

Terms::Terms(const core::FairnessRules& rules)
    : burst_per_second(static_cast<float>(rules.burst.burst_per_second)),
      burst_size(static_cast<float>(rules.burst.burst_size)),
      sustained_per_second(static_cast<float>(rules.burst.sustained_per_second)),
      sustained_credit(static_cast<float>(rules.burst.sustained_credit)),
      adapt(rules.burst.adapt),
      throttle_share(static_cast<float>(rules.ladder.throttle_share)),
      max_step_back(rules.sequence.max_step_back),
      max_ahead_us(in_micros(rules.clock.max_ahead)),
      max_behind_us(in_micros(rules.clock.max_behind)),
      longest_play_s(in_seconds(rules.unbroken.longest)),
      play_pause_us(in_micros(rules.unbroken.pause)),
      throttle_first_s(in_seconds(rules.ladder.throttle_first)),
      throttle_max_s(in_seconds(rules.ladder.throttle_max)),
      block_first_s(in_seconds(rules.ladder.block_for)),
      block_max_s(std::max(in_seconds(rules.ladder.block_max), in_seconds(rules.ladder.block_for))),
      decay_a_minute(
          static_cast<float>(std::exp2(-60.0 / static_cast<double>(rules.ladder.evidence_half_life.count())))),
      quarantine_second_flag(rules.ladder.quarantine_second_flag),
      min_players(static_cast<std::uint32_t>(rules.population.min_players)),
      min_own_events(static_cast<std::uint32_t>(rules.population.min_own_events)) {
  const core::EvidenceRules& evidence = rules.evidence;
  const auto set = [this](Detector detector, core::RuleMode mode) { modes[static_cast<std::size_t>(detector)] = mode; };
  set(Detector::hard_bound, rules.hard.mode);
  set(Detector::sequence, rules.sequence.mode);
  set(Detector::clock, rules.clock.mode);
  set(Detector::burst, rules.burst.mode);
  set(Detector::sustained, rules.burst.sustained_mode);
  set(Detector::tempo, evidence.tempo.mode);
  set(Detector::award_level, evidence.award_level.mode);
  set(Detector::award_tail, evidence.award_tail.mode);
  set(Detector::velocity, evidence.velocity.mode);
  set(Detector::timing, evidence.timing.mode);
  set(Detector::unbroken, rules.unbroken.mode);
  const std::array<double, kAccounts + 1> shares{share(evidence.tempo, 1),       share(evidence.award_level, 2),
                                                 share(evidence.award_level, 2), share(evidence.award_tail, 2),
                                                 share(evidence.award_tail, 2),  share(evidence.velocity, 1),
                                                 share(evidence.timing, 2),      share(evidence.timing, 2)};
  double sum = 0;
  for (const double one : shares) sum += one;
  for (std::size_t i = 0; sum > 0 && i < kAccounts; ++i) weights[i] = static_cast<float>(shares[i] / sum);
  timing_weight = sum > 0 ? static_cast<float>(shares[kAccounts] / sum) : 0;
  once_in = {static_cast<float>(rules.budgets.flag_once_in), static_cast<float>(rules.budgets.throttle_once_in),
             static_cast<float>(rules.budgets.quarantine_once_in), static_cast<float>(rules.budgets.block_once_in)};
  bands = static_cast<std::uint32_t>(std::min(rules.population.level_bands.size(), level_bands.size()));
  std::copy_n(rules.population.level_bands.begin(), bands, level_bands.begin());
}

std::size_t Terms::band_of(std::int32_t level, std::uint32_t events) const {
  std::size_t band = 0;
  if (bands > 0) {
    while (band + 1 < bands && level >= level_bands[band + 1]) ++band;
    return band;
  }
  while (band < kFirstOfBand.size() && events >= kFirstOfBand[band]) ++band;
  return band;
}

}  // namespace liveops::fairness
