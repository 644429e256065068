#include <algorithm>
#include <chrono>
#include <utility>

#include "fairness/census.hpp"
#include "fairness/engine_parts.hpp"

namespace liveops::fairness {
namespace {

constexpr std::size_t kPlayersPerShard = 64;  // looked at for one census
constexpr std::size_t kAgedPerShard = 16;     // looked at every ten seconds
constexpr std::size_t kManySamples = 1500;    // new ones that are worth a census
constexpr std::size_t kSomeSamples = 200;     // the same after ten minutes, or when the game changed
constexpr std::uint32_t kRecentS = 6 * 3600;
constexpr std::size_t kManyRecent = 6000;
constexpr std::chrono::minutes kSomeTime{10};
constexpr std::chrono::days kIdle{45};

}  // namespace

void Engine::refresh_population(core::Timestamp now) {
  const std::lock_guard one_at_a_time(refreshing_);
  new_samples_ += turn_shards(now);
  const std::shared_ptr<const Population> current = population();
  auto next = std::make_shared<Population>(*current);
  const bool changed = storms_.turn(*next, alarm_.at(now.time_since_epoch().count()));
  if (storms_.began()) {
    new_samples_ = 0;
    for (Shard& shard : *shards_) {
      const std::lock_guard lock(shard.mutex);
      shard.samples.forget_awards();
    }
  }
  const auto any_storm = [&next] {
    return std::ranges::any_of(next->awards, [](const auto& kind) { return kind[0].storm != 0 || kind[1].storm != 0; });
  };
  const bool census = is_due(now, any_storm());
  if (!census && !changed) return;
  std::shared_ptr<const Population> made = std::move(next);
  if (census) {
    made = take_census(*made, now);
    new_samples_ = 0;
    census_at_ = now;
  }
  restore(std::move(made));
}

/// Hands new samples to the storm watch; gives how many there were.
std::size_t Engine::turn_shards(core::Timestamp now) {
  std::size_t count = 0;
  for (Shard& shard : *shards_) {
    const std::lock_guard lock(shard.mutex);
    if (&shard == &shards_->front()) governor_.turn(shard.policy->governor, players(), now);
    for (std::size_t back = 0; back < std::min(shard.samples.new_samples(), shard.samples.size()); ++back) {
      storms_.add(shard.samples.latest(back));
      ++count;
    }
    shard.samples.turn();
    age_out(shard, now);
  }
  return count;
}

bool Engine::is_due(core::Timestamp now, bool storm) const {
  if (new_samples_ >= kManySamples) return true;
  return new_samples_ >= kSomeSamples && (storm || now - census_at_ >= kSomeTime);
}

std::shared_ptr<const Population> Engine::take_census(const Population& previous, core::Timestamp now) {
  const auto now_s =
      static_cast<std::uint32_t>(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
  std::size_t recent = 0;
  for (Shard& shard : *shards_) {
    const std::lock_guard lock(shard.mutex);
    for (std::size_t back = 0; back < shard.samples.size(); ++back) {
      recent += now_s - shard.samples.latest(back).at_s <= kRecentS ? 1 : 0;
    }
  }
  // The game may have changed since: older ones only where the others are too few.
  const std::uint32_t oldest_s = recent >= kManyRecent ? now_s - kRecentS : 0;
  std::optional<Census> census;
  for (Shard& shard : *shards_) {
    const std::lock_guard lock(shard.mutex);
    if (!census) census.emplace(shard.policy->terms);
    for (std::size_t back = 0; back < shard.samples.size(); ++back) {
      const Sample& sample = shard.samples.latest(back);
      if (sample.at_s >= oldest_s) census->add(sample);
    }
    const std::size_t size = shard.table->size();
    const std::size_t looked_at = std::min(size, kPlayersPerShard);
    for (std::size_t i = 0; i < looked_at; ++i) census->add(shard.table->at((shard.cursor + i) % size));
    if (size > 0) shard.cursor = (shard.cursor + looked_at) % size;
  }
  return std::make_shared<const Population>(census->build(previous));
}

void Engine::age_out(Shard& shard, core::Timestamp now) {
  const core::Timestamp long_ago = now - kIdle;
  for (std::size_t i = 0; i < kAgedPerShard && i < shard.table->size(); ++i) {
    const PlayerState& player = shard.table->at((shard.cursor + i) % shard.table->size());
    if (player.last_us == 0 || player.last_us >= long_ago.time_since_epoch().count()) continue;
    if (shard.table->erase(player.key)) players_.fetch_sub(1, std::memory_order_relaxed);
  }
}

}  // namespace liveops::fairness
