#include "fairness/engine.hpp"

#include <algorithm>

#include "fairness/engine_parts.hpp"
#include "fairness/judge.hpp"
#include "fairness/recent_events.hpp"

namespace liveops::fairness {
namespace {

// Events ahead. States take three cache lines each, of which a core waits for a dozen at a time.
constexpr std::size_t kIndexAhead = 12;
constexpr std::size_t kStateAhead = 5;

}  // namespace

Engine::Engine(const core::FairnessRules& rules) : shards_(std::make_unique<std::array<Shard, kShards>>()) {
  const auto policy = std::make_shared<const Policy>(rules);
  const auto population = std::make_shared<const Population>();
  const std::size_t capacity = std::clamp<std::size_t>(rules.max_players / kShards, 1, PlayerTable::kMaxCapacity);
  const auto slab = std::make_shared<const PlayerSlab>(kShards, capacity);
  std::size_t number = 0;
  for (Shard& shard : *shards_) {
    shard.table = std::make_unique<PlayerTable>(slab, number++);
    shard.policy = policy;
    shard.population = population;
  }
}

Engine::~Engine() = default;

Engine::Shard& Engine::shard_of(PlayerKey player) {
  return (*shards_)[player.value >> 58U];
}

void Engine::expect(std::span<const Observation> observations, std::size_t turn) {
  const auto ask_index = [&](std::size_t at) {
    if (at >= observations.size()) return;
    const PlayerKey player = observations[at].player;
    shard_of(player).table->prefetch_index(player);
  };
  const auto ask_state = [&](std::size_t at) {
    if (at >= observations.size()) return;
    const PlayerKey player = observations[at].player;
    shard_of(player).table->prefetch_state(player);
  };
  if (turn == 0) {
    for (std::size_t at = 0; at < kIndexAhead; ++at) ask_index(at);
    for (std::size_t at = 0; at < kStateAhead; ++at) ask_state(at);
  }
  ask_index(turn + kIndexAhead);
  ask_state(turn + kStateAhead);
}

PlayerState* Engine::state_of(Shard& shard, PlayerKey player) {
  if (PlayerState* known = shard.table->find(player)) {
    known->referenced = 1;
    return known;
  }
  const std::size_t before = shard.table->size();
  if (before == shard.table->capacity() && !shard.doorkeeper.admits(player)) return nullptr;
  PlayerState& state = shard.table->touch(player);
  if (shard.table->size() != before) players_.fetch_add(1, std::memory_order_relaxed);
  return &state;
}

Decision Engine::evaluate(const Observation& observation, core::Timestamp now, CaseRecord* record) {
  Shard& shard = shard_of(observation.player);
  shard.table->prefetch_index(observation.player);  // on its way while the lock is taken
  const std::lock_guard lock(shard.mutex);
  if (PlayerState* player = state_of(shard, observation.player)) {
    return judge_in(shard, *player, observation, now, record);
  }
  PlayerState stranger{};
  stranger.key = observation.player;
  return judge_in(shard, stranger, observation, now, record);
}

Decision Engine::judge_in(Shard& shard, PlayerState& player, const Observation& observation, core::Timestamp now,
                          CaseRecord* record) {
  const Grounds grounds{.terms = shard.policy->terms,
                        .population = *shard.population,
                        .limits = shard.policy->catalogue.limits(observation),
                        .may_block = governor_.may_block(),
                        .alarm = alarm_.at(now.time_since_epoch().count()),
                        .samples = &shard.samples,
                        .storms = &alarm_};
  if (record == nullptr) {
    const Decision decision = judge(grounds, player, observation, now);
    if (decision.action == core::VerdictAction::block && !decision.repeated) governor_.blocked();
    return decision;
  }
  const PlayerState before = player;
  const Decision decision = judge(grounds, player, observation, now);
  if (decision.action == core::VerdictAction::block && !decision.repeated) governor_.blocked();
  if (decision.count > 0) *record = CaseRecord(grounds, before, observation, now);
  return decision;
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
  state->evidence = {};
  state->divergence = 0;
  state->flagged = 0;
  state->flag_noted = 0;
  state->quarantined = 0;
  state->throttles = 0;
  state->blocks = 0;
  state->throttled_until_s = 0;
}

void Engine::erase(PlayerKey player) {
  Shard& shard = shard_of(player);
  const std::lock_guard lock(shard.mutex);
  if (shard.table->erase(player)) players_.fetch_sub(1, std::memory_order_relaxed);
}

void Engine::use_rules(const core::FairnessRules& rules) {
  const auto policy = std::make_shared<const Policy>(rules);
  for (Shard& shard : *shards_) {
    const std::lock_guard lock(shard.mutex);
    shard.policy = policy;
  }
}

std::optional<Evidence> Engine::explain(PlayerKey player, core::Timestamp now) {
  Shard& shard = shard_of(player);
  const std::lock_guard lock(shard.mutex);
  const PlayerState* state = shard.table->find(player);
  if (state == nullptr) return std::nullopt;
  return describe(*state, shard.policy->terms, *shard.population, now);
}

std::size_t Engine::max_bytes() const {
  std::size_t bytes = 0;
  for (const Shard& shard : *shards_) bytes += shard.table->bytes();
  return bytes;
}

}  // namespace liveops::fairness
