#include "fairness/judge.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>

#include "fairness/award_checks.hpp"
#include "fairness/consequences.hpp"
#include "fairness/hard_checks.hpp"
#include "fairness/ladder.hpp"
#include "fairness/rate_check.hpp"
#include "fairness/recent_events.hpp"
#include "fairness/rhythm_check.hpp"
#include "fairness/tempo_check.hpp"
#include "fairness/timing_check.hpp"
#include "fairness/velocity_check.hpp"

namespace liveops::fairness {
namespace {

using core::VerdictAction;

template <EvidenceCheck Check>
void weigh(const Grounds& grounds, const Scene& scene, PlayerState& player) {
  constexpr auto kIndex = static_cast<std::size_t>(Check::kAccount);
  if (!Check::applies(scene)) return;
  float log_ratio = Check::weigh(scene, player) * scene.population.temper[kIndex];
  // While everybody rises at once it is the game, and nobody's evidence grows.
  if (is_storm(scene, grounds.alarm, Check::kAccount)) log_ratio = std::min(log_ratio, 0.0F);
  const float before = player.evidence[kIndex].value();
  player.evidence[kIndex].add(log_ratio);
  // Levels and tempo are what everybody's rise shows in, each player counting once.
  constexpr bool kShows = Check::kAccount <= Account::xp_level;
  if (!kShows || grounds.storms == nullptr || before >= StormAlarm::kSuspicion) return;
  if (player.evidence[kIndex].value() < StormAlarm::kSuspicion) return;
  grounds.storms->suspected(shown_by(Check::kAccount), scene.now_us, scene.window_us);
}

/// Every check sees the event as it came; only then is it learnt.
template <EvidenceCheck... Checks>
void run(const Grounds& grounds, const Scene& scene, PlayerState& player) {
  (weigh<Checks>(grounds, scene, player), ...);
  (Checks::learn(scene, player), ...);
}

void decay(const Scene& scene, PlayerState& player) {
  if (scene.minutes == 0) return;
  float factor = 1;
  for (std::int64_t i = 0; i < scene.minutes; ++i) factor *= scene.terms.decay_a_minute;
  for (StoredEvidence& account : player.evidence) account.scale(factor);
}

/// Adds a finding of a check that decides by itself. True: the event is refused for it.
bool note(const Grounds& grounds, Decision& decision, PlayerState& player, const Finding& finding,
          core::Timestamp now) {
  decision.add(finding);
  if (finding.mode <= core::RuleMode::flag) return false;
  return follow_up(grounds, decision, player, finding.action, now);
}

bool refuse_hard(const Grounds& grounds, Decision& decision, PlayerState& player, const Observation& event,
                 core::Timestamp now) {
  const std::optional<Finding> found[]{BoundsCheck::judge(grounds.terms, grounds.limits, event),
                                       SequenceCheck::judge(grounds.terms, grounds.population, player, event),
                                       ClockCheck::judge(grounds.terms, event)};
  for (const auto& finding : found) {
    if (finding && note(grounds, decision, player, *finding, now)) return true;
  }
  return false;
}

/// A throttled player may go on at a part of the usual rate.
bool refuse_throttled(const Grounds& grounds, const RateCheck& rates, Decision& decision, PlayerState& player,
                      core::Timestamp now) {
  const auto until = Ladder::throttled_until(player, now);
  if (!until) return false;
  const double apart_s = 1 / std::max(1e-6, grounds.terms.throttle_share * rates.sustained.per_second);
  const auto apart = std::chrono::microseconds(static_cast<std::int64_t>(apart_s * 1e6));
  const core::Timestamp next = core::Timestamp(std::chrono::microseconds(player.last_us)) + apart;
  if (next <= now) return false;
  decision.add(throttle_under_way(grounds, player));
  refuse(decision, player, VerdictAction::throttle, std::min(next, *until));
  return true;
}

bool refuse_rate(const Grounds& grounds, const RateCheck& rates, Decision& decision, PlayerState& player,
                 core::Timestamp now) {
  const auto finding = rates.judge(grounds.terms, player, now);
  if (!finding) return false;
  decision.add(*finding);
  if (finding->mode >= core::RuleMode::throttle) {
    refuse(decision, player, VerdictAction::throttle, finding->until);
    return true;
  }
  rates.settle(player, now);
  return false;
}

void count(PlayerState& player, const Scene& scene) {
  if (player.events < std::numeric_limits<std::uint32_t>::max()) ++player.events;
  player.last_us = scene.now_us;
  player.last_type = static_cast<std::uint32_t>(scene.event.type) & 3U;
}

void repeat(const Grounds& grounds, Decision& decision, PlayerState& player, VerdictAction earlier,
            const Observation& event, core::Timestamp now) {
  decision.repeated = true;
  if (!core::refuses(earlier)) return;
  if (earlier == VerdictAction::block) {
    const auto bound = BoundsCheck::judge(grounds.terms, grounds.limits, event);
    if (bound && bound->action == VerdictAction::block && bound->mode == core::RuleMode::block) {
      decision.add(*bound);
      refuse(decision, player, VerdictAction::block, now);
      return;
    }  // else the evidence's block: whether it still holds is the standing's business
  }
  const RateCheck rates(grounds.terms, grounds.population);
  // Refused once for the evidence it completed; that was counted, so now it may pass.
  if (refuse_throttled(grounds, rates, decision, player, now)) return;
  if (refuse_rate(grounds, rates, decision, player, now)) return;
  player.last_us = std::max(player.last_us, now.time_since_epoch().count());
  RecentEvents(player).remember(event.event_tag, VerdictAction::allow);
}

void sample(const Grounds& grounds, const Scene& scene, const PlayerState& player) {
  const bool storm =
      grounds.alarm != 0 || scene.awards(0).storm != 0 || scene.awards(1).storm != 0 || scene.tempo().storm != 0;
  if (grounds.samples == nullptr || !grounds.samples->wants(player, storm)) return;
  grounds.samples->add(scene, player, player.events >= grounds.terms.min_own_events);
  if (grounds.storms != nullptr) grounds.storms->add(grounds.samples->latest(0), scene.now_us);
}

void judge_new(const Grounds& grounds, Decision& decision, PlayerState& player, const Observation& event,
               core::Timestamp now) {
  if (refuse_hard(grounds, decision, player, event, now)) {
    RecentEvents(player).remember(event.event_tag, decision.action);
    return;
  }
  const RateCheck rates(grounds.terms, grounds.population);
  if (refuse_throttled(grounds, rates, decision, player, now)) return;
  if (refuse_rate(grounds, rates, decision, player, now)) return;
  const Scene scene(grounds.terms, grounds.population, player, event, now);
  sample(grounds, scene, player);
  if (const auto finding = UnbrokenCheck::judge(grounds.terms, player, now)) decision.add(*finding);
  decay(scene, player);
  run<TempoCheck, LevelCheck<Lane::score>, LevelCheck<Lane::xp>, TailCheck<Lane::score>, TailCheck<Lane::xp>,
      VelocityCheck, RhythmCheck>(grounds, scene, player);
  (void)TimingCheck::learn(scene, player);
  if (grounds.storms != nullptr && scene.opens_window) {
    grounds.storms->met(scene.now_us, scene.window_us);
  }
  count(player, scene);
  conclude(grounds, scene, decision, player, now);
  RecentEvents(player).remember(event.event_tag, decision.action);
}

}  // namespace

Decision judge(const Grounds& grounds, PlayerState& player, const Observation& event, core::Timestamp now) {
  Decision decision;
  if (const auto earlier = RecentEvents(player).recall(event.event_tag)) {
    repeat(grounds, decision, player, *earlier, event, now);
  } else {
    judge_new(grounds, decision, player, event, now);
  }
  return decision;
}

}  // namespace liveops::fairness
