#include "fairness/evidence.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "fairness/fusion.hpp"
#include "fairness/rate_check.hpp"
#include "fairness/timing_check.hpp"

namespace liveops::fairness {
namespace {

core::Timestamp at_seconds(std::uint32_t s) {
  return core::Timestamp(std::chrono::seconds(s));
}

std::vector<CheckEvidence> checks_of(const Terms& terms, const EvidenceParts& evidence) {
  std::vector<CheckEvidence> checks;
  for (std::size_t i = 0; i < kAccounts; ++i) {
    const auto account = static_cast<Account>(i);
    CheckEvidence check{.detector = detector_of(account), .lane = std::nullopt, .once_in = evidence.parts[i]};
    check.mode = terms.mode(check.detector);
    if (account == Account::score_level || account == Account::score_tail) check.lane = Lane::score;
    if (account == Account::xp_level || account == Account::xp_tail) check.lane = Lane::xp;
    checks.push_back(check);
  }
  checks.push_back({.detector = core::Detector::timing,
                    .mode = terms.mode(core::Detector::timing),
                    .lane = std::nullopt,
                    .once_in = evidence.parts[kAccounts]});
  return checks;
}

bool any_storm(const Population& population) {
  const auto award = [](const auto& kind) { return kind[0].storm != 0 || kind[1].storm != 0; };
  return std::ranges::any_of(population.awards, award) ||
         std::ranges::any_of(population.tempo, [](const TempoStats& type) { return type.storm != 0; });
}

}  // namespace

Evidence describe(const PlayerState& player, const Terms& terms, const Population& population, core::Timestamp now) {
  const EvidenceParts parts(terms, population, player);
  const auto credit = RateCheck(terms, population).credit(player, now);
  Evidence evidence;
  evidence.events = player.events;
  evidence.refused = player.refused;
  evidence.burst_credit = credit.burst;
  evidence.sustained_credit = credit.sustained;
  evidence.once_in = parts.fused(terms, core::VerdictAction::allow);
  evidence.flag_at = terms.once_in[0];
  evidence.throttle_at = terms.once_in[1];
  evidence.quarantine_at = terms.once_in[2];
  evidence.block_at = terms.once_in[3];
  evidence.flagged = player.flagged != 0;
  evidence.throttles = player.throttles;
  evidence.blocks = player.blocks;
  evidence.throttled_until = at_seconds(player.throttled_until_s);
  evidence.last_seen = core::Timestamp(std::chrono::microseconds(player.last_us));
  evidence.active_since = at_seconds(player.active_since_s);
  evidence.storm = any_storm(population);
  evidence.times_tempo = std::exp(static_cast<double>(player.own_pace));
  evidence.divergence = static_cast<double>(TimingCheck::divergence(player));
  evidence.divergence_usual =
      population.timing.ready != 0 ? std::exp(static_cast<double>(population.timing.divergence)) : 0;
  evidence.checks = checks_of(terms, parts);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    if (player.awards[lane] == 0) continue;
    evidence.lanes.push_back({.lane = static_cast<Lane>(lane),
                              .awards = player.awards[lane],
                              .times_peers = std::exp(static_cast<double>(player.own_level[lane]))});
  }
  return evidence;
}

}  // namespace liveops::fairness
