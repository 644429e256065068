#include "fairness/consequences.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "fairness/fusion.hpp"
#include "fairness/ladder.hpp"
#include "fairness/timing_check.hpp"
#include "fairness/velocity_check.hpp"

namespace liveops::fairness {
namespace {

using core::RuleMode;
using core::VerdictAction;

constexpr float kNothing = 100;      // evidence below this is of no account: a new story begins above it
constexpr float kForgotten = 0.05F;  // of the flag's bar: below, a new flag may be raised

float normal_cdf(float score) {
  return 0.5F * std::erfc(-score * 0.70710678F);
}

void tell_awards(const Scene& scene, Finding& finding) {
  const bool score_leads = !scene.lanes[1].present || scene.lanes[0].score >= scene.lanes[1].score;
  const std::size_t lane = scene.lanes[0].present && score_leads ? 0 : 1;
  const AwardView& award = scene.lanes[lane];
  const AwardStats& stats = scene.awards(lane);
  finding.field = field_of(static_cast<Lane>(lane), scene.event.type);
  finding.observed = static_cast<double>(award.amount);
  finding.expected = std::expm1(static_cast<double>(stats.level[scene.band] + award.own));
  const float above_peers = award.x - stats.level[scene.band];
  finding.peer_quantile = above_peers > stats.tail.q99 ? static_cast<float>(stats.tail.quantile(above_peers))
                                                       : normal_cdf(stats.residual.score(above_peers));
}

void tell_interval(const Scene& scene, const PlayerState& player, Finding& finding) {
  const TempoStats& stats = scene.tempo();
  const float own = scene.own_pace(player);
  finding.observed = static_cast<double>(scene.since_last_us) * 1e-6;
  finding.expected = std::exp(static_cast<double>(stats.level - own));
  finding.peer_quantile = normal_cdf(stats.residual.score(stats.level - scene.log_interval));
}

/// True: it is for the steadiness of his intervals rather than their shape that he is suspected.
bool tell_rhythm(const Grounds& grounds, const Scene& scene, const PlayerState& player, Finding& finding) {
  const float steady = player.evidence[static_cast<std::size_t>(Account::rhythm)].value();
  if (steady < TimingCheck::evidence(grounds.population, player)) return false;
  finding.steady = true;
  finding.observed = static_cast<double>(scene.since_last_us) * 1e-6;
  const TempoStats& stats = scene.tempo();
  finding.expected = std::exp(static_cast<double>(stats.log_change_share[0]));
  return true;
}

Finding describe(const Grounds& grounds, const Scene& scene, const PlayerState& player, Detector detector) {
  Finding finding;
  finding.detector = detector;
  finding.mode = grounds.terms.mode(detector);
  finding.band = static_cast<std::uint8_t>(scene.band);
  finding.events = player.events;
  finding.since = player.evidence_from;
  switch (detector) {
    case Detector::tempo:
      tell_interval(scene, player, finding);
      break;
    case Detector::timing:
      if (tell_rhythm(grounds, scene, player, finding)) break;
      finding.observed = static_cast<double>(TimingCheck::divergence(player));
      finding.expected = std::exp(static_cast<double>(grounds.population.timing.divergence));
      finding.peer_quantile = 1 - 1 / std::max(1.0F, TimingCheck::evidence(grounds.population, player));
      break;
    case Detector::velocity:
      finding.observed = static_cast<double>(player.velocity);
      finding.expected = std::exp(static_cast<double>(grounds.population.velocity.tail.q99));
      finding.peer_quantile =
          static_cast<float>(grounds.population.velocity.tail.quantile(VelocityCheck::level_of(scene, player)));
      break;
    default:
      tell_awards(scene, finding);
  }
  return finding;
}

void watch(const Grounds& grounds, const Scene& scene, const EvidenceParts& evidence, Decision& decision,
           PlayerState& player) {
  const float shadowed = evidence.shadowed(grounds.terms);
  const float bar = grounds.terms.once_in[static_cast<std::size_t>(VerdictAction::allow)];
  if (shadowed < kForgotten * bar) player.shadow_noted = 0;
  if (player.shadow_noted != 0 || shadowed < bar) return;
  player.shadow_noted = 1;
  Finding finding =
      describe(grounds, scene, player, evidence.leading(grounds.terms, RuleMode::shadow, RuleMode::shadow));
  finding.evidence = shadowed;
  finding.threshold = bar;
  decision.add(finding);
}

/// The strongest thing whose bar is met; nullopt when not even a flag's is.
std::optional<VerdictAction> strongest(const Terms& terms, const EvidenceParts& evidence, const PlayerState& player) {
  for (const auto action : {VerdictAction::block, VerdictAction::quarantine, VerdictAction::throttle}) {
    if (action == VerdictAction::quarantine && player.quarantined != 0) continue;
    if (evidence.fused(terms, action) >= terms.once_in[static_cast<std::size_t>(action)]) return action;
  }
  const float flags = evidence.fused(terms, VerdictAction::allow);
  return flags >= terms.once_in[0] ? std::optional(VerdictAction::allow) : std::nullopt;
}

/// Whether a flag (or throttle) may become a quarantine: rules that may quarantine meet the flag's bar by themselves.
bool may_quarantine(const Terms& terms, const EvidenceParts& evidence, VerdictAction action,
                    const PlayerState& player) {
  return terms.quarantine_second_flag && player.quarantined == 0 && action <= VerdictAction::throttle &&
         evidence.fused(terms, VerdictAction::quarantine) >= terms.once_in[0];
}

/// After a block a throttle is one step away again, not the next block at once.
void step_down(const Terms& terms, PlayerState& player) {
  const float factor = terms.once_in[static_cast<std::size_t>(VerdictAction::throttle)] /
                       terms.once_in[static_cast<std::size_t>(VerdictAction::block)];
  for (StoredEvidence& account : player.evidence) account.scale(std::min(1.0F, factor));
}

}  // namespace

Alarm alarm_of(Account account) {
  // What raises scores mostly raises XP: either lane's storm stills both.
  constexpr Alarm kAwards = lane_alarm(0) | lane_alarm(1);
  constexpr std::array<Alarm, kAccounts> kAlarms{kTempoAlarm,           kAwards,    kAwards, kAwards, kAwards,
                                                 kTempoAlarm | kAwards, kTempoAlarm};
  return kAlarms[static_cast<std::size_t>(account)];
}

Alarm shown_by(Account account) {
  if (account == Account::tempo) return kTempoAlarm;
  return lane_alarm(account == Account::score_level ? 0 : 1);
}

bool is_storm(const Scene& scene, Alarm alarm, Account account) {
  Alarm storms = alarm;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    if (scene.awards(lane).storm != 0) storms |= lane_alarm(lane);
  }
  if (scene.tempo().storm != 0) storms |= kTempoAlarm;
  return (storms & alarm_of(account)) != 0;
}

void refuse(Decision& decision, PlayerState& player, VerdictAction action, core::Timestamp until) {
  decision.action = action;
  decision.until = until;
  decision.reason().action = action;
  decision.reason().until = until;
  constexpr unsigned kMostRefused = (1U << 9U) - 1;  // what the state holds
  if (player.refused < kMostRefused) ++player.refused;
}

bool follow_up(const Grounds& grounds, Decision& decision, PlayerState& player, VerdictAction asked,
               core::Timestamp now) {
  if (asked == VerdictAction::block && !grounds.may_block) {
    decision.reason().governed = true;
    asked = VerdictAction::throttle;
  }
  switch (asked) {
    case VerdictAction::allow:
      return false;
    case VerdictAction::quarantine:
      player.quarantined = 1;
      decision.action = asked;
      decision.reason().action = asked;
      return false;
    case VerdictAction::throttle:
      refuse(decision, player, asked, Ladder::throttle(grounds.terms, player, now));
      return true;
    case VerdictAction::block:
      refuse(decision, player, asked, Ladder::block(grounds.terms, player, now));
      return true;
  }
  return false;
}

Finding throttle_under_way(const Grounds& grounds, const PlayerState& player) {
  const EvidenceParts evidence(grounds.terms, grounds.population, player);
  Finding finding;
  finding.detector = evidence.leading(grounds.terms, RuleMode::flag, RuleMode::block);
  finding.mode = grounds.terms.mode(finding.detector);
  finding.continued = true;
  finding.evidence = evidence.fused(grounds.terms, VerdictAction::throttle);
  finding.events = player.events;
  finding.since = player.evidence_from;
  return finding;
}

void conclude(const Grounds& grounds, const Scene& scene, Decision& decision, PlayerState& player,
              core::Timestamp now) {
  const EvidenceParts evidence(grounds.terms, grounds.population, player);
  const float most = evidence.most();
  Ladder::forget_flag(player, now);
  if (most < kNothing) {
    player.evidence_from = player.events;
    player.flagged = 0;
    player.shadow_noted = 0;
    return;
  }
  const float bar = grounds.terms.once_in[0];
  if (most < kForgotten * bar) player.flagged = 0;
  if (most < bar) return;
  watch(grounds, scene, evidence, decision, player);
  const auto action = strongest(grounds.terms, evidence, player);
  if (!action) return;
  const bool milder = *action <= VerdictAction::throttle || (*action == VerdictAction::block && !grounds.may_block);
  const bool under_way = milder && Ladder::throttled_until(player, now).has_value();
  const bool second = Ladder::is_second_flag(player, now);
  if (under_way || (*action == VerdictAction::allow && player.flagged != 0 && !second)) return;
  Finding finding =
      describe(grounds, scene, player, evidence.leading(grounds.terms, least_mode(*action), RuleMode::block));
  finding.evidence = evidence.fused(grounds.terms, *action);
  finding.threshold = grounds.terms.once_in[static_cast<std::size_t>(*action)];
  finding.action = *action;
  finding.second = second && may_quarantine(grounds.terms, evidence, *action, player);
  if (finding.second) finding.action = VerdictAction::quarantine;
  player.flagged = 1;
  if (second || player.flag_noted == 0) Ladder::note_flag(player, now);
  decision.add(finding);
  if (follow_up(grounds, decision, player, finding.action, now) && decision.action == VerdictAction::block) {
    step_down(grounds.terms, player);
  }
}

}  // namespace liveops::fairness
