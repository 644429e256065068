#include "fairness/engine.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "fairness/engine_parts.hpp"
#include "fairness/recent_events.hpp"

namespace liveops::fairness {
namespace {

constexpr std::size_t kSampledPerShard = 64;

std::uint32_t seconds_of(core::Timestamp time) {
  return static_cast<std::uint32_t>(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
}

bool enforced(const Finding& finding) {
  return finding.mode >= core::RuleMode::flag;
}

/// The last word of `decision`: refuse, for the reason that was just added.
void refuse(PlayerState& player, Decision& decision, core::VerdictAction action, core::Timestamp until) {
  decision.action = action;
  decision.until = until;
  Finding& reason = decision.findings[decision.count - 1];
  reason.action = action;
  reason.until = until;
  if (player.refused < std::numeric_limits<std::uint16_t>::max()) ++player.refused;
}

}  // namespace

Engine::Engine(const core::FairnessRules& rules) : shards_(std::make_unique<std::array<Shard, kShards>>()) {
  const auto checks = std::make_shared<const Checks>(rules);
  const auto population = std::make_shared<const Population>();
  const std::size_t capacity = std::clamp<std::size_t>(rules.max_players / kShards, 1, PlayerTable::kMaxCapacity);
  const auto slab = std::make_shared<const PlayerSlab>(kShards, capacity);
  std::size_t number = 0;
  for (Shard& shard : *shards_) {
    shard.table = std::make_unique<PlayerTable>(slab, number++);
    shard.checks = checks;
    shard.population = population;
  }
}

Engine::~Engine() = default;

Engine::Shard& Engine::shard_of(PlayerKey player) {
  return (*shards_)[player.value >> 58U];
}

void Engine::expect(std::span<const Observation> observations) {
  for (const Observation& next : observations) shard_of(next.player).table->prefetch_index(next.player);
  for (const Observation& next : observations) shard_of(next.player).table->prefetch_state(next.player);
}

Decision Engine::evaluate(const Observation& observation, core::Timestamp now) {
  Shard& shard = shard_of(observation.player);
  shard.table->prefetch_index(observation.player);  // on its way while the lock is taken
  Decision decision;
  const std::lock_guard lock(shard.mutex);
  const std::size_t before = shard.table->size();
  PlayerState& player = shard.table->touch(observation.player);
  if (shard.table->size() != before) players_.fetch_add(1, std::memory_order_relaxed);
  player.last_seen_s = seconds_of(now);
  if (const auto earlier = RecentEvents(player).recall(observation.event_tag)) {
    repeat(shard, player, *earlier, observation, now, decision);
  } else {
    judge(shard, player, observation, now, decision);
  }
  return decision;
}

void Engine::judge(Shard& shard, PlayerState& player, const Observation& observation, core::Timestamp now,
                   Decision& decision) {
  const Checks& checks = *shard.checks;
  if (const auto finding = checks.hard.judge(observation)) {
    decision.add(*finding);
    if (enforced(*finding)) {
      RecentEvents(player).remember(observation.event_tag, core::VerdictAction::block);
      refuse(player, decision, core::VerdictAction::block, checks.ladder.block_until(now));
      return;
    }
  }
  if (const auto until = Ladder::throttled_until(player, now)) {
    decision.add(Finding{.detector = Detector::award_level});
    refuse(player, decision, core::VerdictAction::throttle, *until);
    return;
  }
  if (const auto finding = checks.burst.judge(player, now)) {
    decision.add(*finding);
    if (enforced(*finding)) {
      refuse(player, decision, core::VerdictAction::throttle, finding->until);
      return;
    }
  }
  ++player.events;
  const bool passed = judge_awards(shard, player, observation, now, decision);
  RecentEvents(player).remember(observation.event_tag, passed ? core::VerdictAction::allow : decision.action);
}

bool Engine::judge_awards(Shard& shard, PlayerState& player, const Observation& observation, core::Timestamp now,
                          Decision& decision) {
  std::optional<Finding> worst;
  const Awards awards = awards_of(observation);
  for (std::size_t i = 0; i < awards.count; ++i) {
    const auto finding = shard.checks->score.judge(player, awards.items[i], *shard.population);
    if (finding && (!worst || finding->action > worst->action)) worst = finding;
  }
  if (!worst) return true;
  decision.add(*worst);
  if (worst->action == core::VerdictAction::allow || !enforced(*worst)) return true;
  const Ladder::Step step = shard.checks->ladder.escalate(player, now);
  refuse(player, decision, step.action, step.until);
  return false;
}

void Engine::repeat(Shard& shard, PlayerState& player, core::VerdictAction earlier, const Observation& observation,
                    core::Timestamp now, Decision& decision) {
  decision.repeated = true;
  if (earlier == core::VerdictAction::allow) return;
  if (earlier == core::VerdictAction::block) {
    decision.add(Finding{.detector = Detector::hard_bound});
    if (const auto bound = shard.checks->hard.judge(observation); bound && enforced(*bound)) {
      decision.findings[0] = *bound;
      refuse(player, decision, core::VerdictAction::block, now);
      return;
    }
    decision.count = 0;  // the ladder's block: whether it still holds is the standing's business
  }
  if (const auto until = Ladder::throttled_until(player, now)) {
    decision.add(Finding{.detector = Detector::award_level});
    refuse(player, decision, core::VerdictAction::throttle, *until);
    return;
  }
  // Refused once for the evidence it completed; that evidence is spent, so now it may pass.
  const auto finding = shard.checks->burst.judge(player, now);
  if (finding && enforced(*finding)) {
    decision.add(*finding);
    refuse(player, decision, core::VerdictAction::throttle, finding->until);
    return;
  }
  RecentEvents(player).remember(observation.event_tag, core::VerdictAction::allow);
}

void Engine::forget(PlayerKey player, std::uint32_t event_tag) {
  Shard& shard = shard_of(player);
  const std::lock_guard lock(shard.mutex);
  if (PlayerState* state = shard.table->find(player)) RecentEvents(*state).forget(event_tag);
}

void Engine::pardon(PlayerKey player) {
  Shard& shard = shard_of(player);
  const std::lock_guard lock(shard.mutex);
  PlayerState* state = shard.table->find(player);
  if (state == nullptr) return;
  state->cusum = 0;
  state->flagged = false;
  state->throttles = 0;
  state->throttled_until_s = 0;
}

void Engine::erase(PlayerKey player) {
  Shard& shard = shard_of(player);
  const std::lock_guard lock(shard.mutex);
  if (shard.table->erase(player)) players_.fetch_sub(1, std::memory_order_relaxed);
}

void Engine::refresh_population(core::Timestamp now) {
  const std::lock_guard one_at_a_time(refreshing_);
  std::optional<PopulationBuilder> builder;
  std::shared_ptr<const Population> previous;
  for (Shard& shard : *shards_) {
    const std::lock_guard lock(shard.mutex);
    if (!builder) {
      builder.emplace(shard.checks->score.rules(), now);
      previous = shard.population;
    }
    const std::size_t size = shard.table->size();
    const std::size_t sampled = std::min(size, kSampledPerShard);
    for (std::size_t i = 0; i < sampled; ++i) builder->add(shard.table->at((shard.cursor + i) % size));
    if (size > 0) shard.cursor = (shard.cursor + sampled) % size;
  }
  const auto next = builder->build(*previous);
  for (Shard& shard : *shards_) {
    const std::lock_guard lock(shard.mutex);
    shard.population = next;
  }
}

void Engine::use_rules(const core::FairnessRules& rules) {
  const auto checks = std::make_shared<const Checks>(rules);
  for (Shard& shard : *shards_) {
    const std::lock_guard lock(shard.mutex);
    shard.checks = checks;
  }
}

std::optional<Evidence> Engine::explain(PlayerKey player, core::Timestamp now) {
  Shard& shard = shard_of(player);
  const std::lock_guard lock(shard.mutex);
  const PlayerState* state = shard.table->find(player);
  if (state == nullptr) return std::nullopt;
  return describe(*state, shard.checks->burst.credit(*state, now), shard.checks->score.rules(), *shard.population);
}

std::size_t Engine::max_bytes() const {
  std::size_t bytes = 0;
  for (const Shard& shard : *shards_) bytes += shard.table->bytes();
  return bytes;
}

}  // namespace liveops::fairness
