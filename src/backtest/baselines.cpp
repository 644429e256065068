#include "backtest/baselines.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace liveops::backtest {
namespace {

template <class State>
State& of_player(std::vector<State>& states, std::uint32_t player) {
  if (player >= states.size()) states.resize(player + std::size_t{1});
  return states[player];
}

double seconds_between(core::Timestamp from, core::Timestamp to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

double award_of(const core::Event& event) {
  if (const auto* kill = std::get_if<core::BossKill>(&event.payload)) {
    return static_cast<double>(kill->score.value_or(kill->xp.value_or(0)));
  }
  if (const auto* drop = std::get_if<core::DropClaimed>(&event.payload)) return static_cast<double>(drop->quantity);
  const auto& progression = std::get<core::Progression>(event.payload);
  return static_cast<double>(progression.score.value_or(progression.xp));
}

double FixedThresholds::score(const Item& item) {
  Second& second = of_player(seconds_, item.player);
  const core::Timestamp now = item.event->received_at;
  if (now - second.began >= std::chrono::seconds(1)) second = {.began = now};
  ++second.events;
  return std::max(second.events / limits_.events_per_second, award_of(*item.event) / limits_.award);
}

double RateOnly::score(const Item& item) {
  Bucket& bucket = of_player(buckets_, item.player);
  const core::Timestamp now = item.event->received_at;
  bucket.events = std::max(0.0, bucket.events - per_second_ * seconds_between(bucket.at, now)) + 1;
  bucket.at = now;
  return bucket.events;
}

double PersonalZ::score(const Item& item) {
  constexpr double kWarmUp = 20;
  constexpr double kLeastDeviation = 0.1;
  Moments& own = of_player(players_, item.player)[static_cast<std::size_t>(core::type_of(*item.event))];
  const double level = std::log1p(award_of(*item.event));
  double z = 0;
  if (own.count >= kWarmUp) {
    z = (level - own.mean) / std::max(kLeastDeviation, std::sqrt(own.squares / (own.count - 1)));
  }
  const double off = level - own.mean;
  own.mean += off / ++own.count;
  own.squares += off * (level - own.mean);
  return z;
}

void BaselineJudge::judge(const Item& item, Judgement& judgement) {
  const double score = baseline_->score(item);
  if (score <= threshold_) return;
  judgement.refused = true;
  judgement.ranked = false;
  judgement.actions.push_back({.level = Level::flag,
                               .rule = baseline_->name(),
                               .evidence = score,
                               .player = item.player,
                               .event_id = item.event->id,
                               .at = item.event->received_at});
}

}  // namespace liveops::backtest
