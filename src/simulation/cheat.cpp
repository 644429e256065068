#include "simulation/cheat.hpp"

#include <algorithm>
#include <cmath>

namespace liveops::simulation {
namespace {

constexpr double kMostQuantity = 9999;  // that an event can carry

void all_illicit(SimulatedEvent& event) {
  event.illicit = true;
  event.illicit_score = static_cast<double>(event.score);
}

/// A share of what the event brings would not have been reached by hand.
void partly_illicit(SimulatedEvent& event, double share) {
  event.illicit = true;
  event.illicit_score = share * static_cast<double>(event.score);
}

}  // namespace

Seconds Cheat::interval(Seconds at, Seconds by_hand, Random& random) {
  if (!player_->cheats(at)) return by_hand;
  switch (player_->acts) {
    case Kind::speed_hack:
    case Kind::drip_rate:
      return by_hand / player_->strength;
    case Kind::boosting:
      return by_hand / parameters_->boost_tempo;
    case Kind::bot:
    case Kind::humanised_bot:
    case Kind::farm:
      return scripted(random);
    case Kind::flood:
      flood_or_not(by_hand, random);
      return flood_left_ > 0 ? random.uniform(0.8, 1.2) / player_->strength : by_hand;
    case Kind::replay:
      last_interval_ = by_hand;
      if (tape_.size() < static_cast<std::size_t>(parameters_->replay_events)) return by_hand;
      return tape_[tape_at_].interval * (1 + 0.02 * random.normal());
    default:
      return by_hand;
  }
}

Seconds Cheat::scripted(Random& random) const {
  if (player_->acts == Kind::farm) return parameters_->farm_interval_s * std::exp(0.05 * random.normal());
  const bool regular = player_->acts == Kind::bot;
  const double sigma = regular ? parameters_->bot_jitter : parameters_->humanised_sigma;
  return parameters_->bot_interval_s * std::exp(sigma * random.normal());
}

void Cheat::flood_or_not(Seconds interval, Random& random) {
  if (flood_left_ > 0) {
    flood_left_ -= 1 / player_->strength;
  } else if (random.chance(parameters_->flood_per_hour * interval / kHour)) {
    flood_left_ = parameters_->flood_s * std::exp(0.4 * random.normal());
  }
}

void Cheat::touch(SimulatedEvent& event, Seconds at, Random& random) {
  if (!player_->cheats(at)) return;
  switch (player_->acts) {
    case Kind::speed_hack:
    case Kind::drip_rate:
      return partly_illicit(event, 1 - 1 / player_->strength);
    case Kind::injection:
      if (random.chance(parameters_->injection_chance)) raise(event, player_->strength);
      return;
    case Kind::drip_amount:
    case Kind::boosting:
      return raise(event, player_->strength);
    case Kind::ramp:
      return raise(event, std::exp(std::log(player_->strength) *
                                   std::min(1.0, (at - player_->onset) / (parameters_->ramp_days * kDay))));
    case Kind::collusion:
      if (random.chance(parameters_->collusion_chance)) raise(event, player_->strength);
      return;
    case Kind::hugger:
      if (!random.chance(parameters_->hugger_chance) || event.type == core::EventType::drop_claimed) return;
      event.illicit = true;
      event.illicit_score = parameters_->most_score - static_cast<double>(event.score);
      event.xp = std::llround(parameters_->most_xp * random.uniform(0.9, 0.995));
      event.score = std::llround(parameters_->most_score * random.uniform(0.9, 0.995));
      return;
    case Kind::flood:
      if (flood_left_ > 0) all_illicit(event);
      return;
    case Kind::replay:
      return replay(event);
    case Kind::bot:
    case Kind::humanised_bot:
    case Kind::farm:
      return all_illicit(event);
    default:
      return;
  }
}

void Cheat::raise(SimulatedEvent& event, double factor) {
  const auto times = [factor](std::int64_t amount) {
    return std::llround(std::min(factor * static_cast<double>(amount), static_cast<double>(core::kMaxExactInteger)));
  };
  const auto before = static_cast<double>(event.score);
  event.xp = times(event.xp);
  event.score = times(event.score);
  event.quantity = std::min(times(event.quantity), std::llround(kMostQuantity));
  event.illicit = true;
  event.illicit_score = static_cast<double>(event.score) - before;
}

void Cheat::replay(SimulatedEvent& event) {
  if (tape_.size() < static_cast<std::size_t>(parameters_->replay_events)) {
    tape_.push_back({last_interval_, event});  // still played by hand
    return;
  }
  const SimulatedEvent& taped = tape_[tape_at_].event;
  tape_at_ = (tape_at_ + 1) % tape_.size();
  event.type = taped.type;
  event.boss = taped.boss;
  event.item = taped.item;
  event.xp = taped.xp;
  event.score = taped.score;
  event.quantity = taped.quantity;
  event.duration_ms = taped.duration_ms;
  all_illicit(event);
}

}  // namespace liveops::simulation
