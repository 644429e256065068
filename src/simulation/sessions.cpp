#include "simulation/sessions.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace liveops::simulation {
namespace {

constexpr double kCafeAttendance = 0.4;
constexpr double kCafeOpens = 17;  // hours

bool goes_to_cafe(const Player& player) {
  return player.kind == Kind::honest && player.group != kNoGroup;
}

}  // namespace

bool is_script(Kind kind) {
  return kind == Kind::bot || kind == Kind::humanised_bot || kind == Kind::farm || kind == Kind::replay;
}

Session Sessions::next(const Player& player, Random& random, Seconds after, bool first) const {
  if (player.cheats(after) && is_script(player.acts)) return by_script(player, random, after);
  const bool changes = is_script(player.acts) || player.acts == Kind::collusion;
  Session session = by_hand(player, random, after, first);
  if (goes_to_cafe(player)) {
    const Session evening = evening_in_cafe(player, random, after);
    if (evening.start < session.start) return evening;
  }
  if (changes && after < player.onset) {  // another way of life begins then, whatever was planned
    if (session.start >= player.onset) return {player.onset, player.onset};
    session.end = std::min(session.end, player.onset);
  }
  return session;
}

Seconds Sessions::length(const Player& player, Random& random) const {
  const std::array minutes{parameters_->casual_minutes, parameters_->regular_minutes, parameters_->hardcore_minutes};
  const double median = minutes[static_cast<std::size_t>(player.player_class)];
  const Seconds drawn = 60 * median * player.zeal * std::exp(parameters_->minutes_sigma * random.normal());
  return std::min(drawn, parameters_->longest_hours * kHour);
}

Session Sessions::by_hand(const Player& player, Random& random, Seconds after, bool first) const {
  const std::array rates{parameters_->casual_per_day, parameters_->regular_per_day, parameters_->hardcore_per_day};
  const std::array minutes{parameters_->casual_minutes, parameters_->regular_minutes, parameters_->hardcore_minutes};
  const auto player_class = static_cast<std::size_t>(player.player_class);
  constexpr double kLeastPause = 300;
  const double played =
      60 * minutes[player_class] * std::exp(parameters_->minutes_sigma * parameters_->minutes_sigma / 2);
  const Seconds pause = std::max(kLeastPause, kDay / rates[player_class] - played);
  Seconds start = after;
  if (!first) {
    const double peak = 1 + parameters_->evening_peak;
    double weight = 0;
    do {  // thinning (Lewis, Shedler 1979)
      start += pause / peak * random.exponential();
      const double hour = std::fmod(start, kDay) / kHour - player.evening_hour;
      weight = 1 + parameters_->evening_peak * std::cos(2 * std::numbers::pi * hour / 24);
    } while (random.uniform() * peak > weight);
  }
  return {start, start + length(player, random)};
}

Session Sessions::by_script(const Player& player, Random& random, Seconds after) const {
  const double hours = player.acts == Kind::humanised_bot ? parameters_->humanised_hours : parameters_->bot_hours;
  const Seconds on = std::max(0.1, hours + 0.3 * random.normal()) * kHour;
  const Seconds off = std::max(0.05, 24 - hours) * kHour * random.uniform(0.8, 1.2);
  const bool just_begun = after <= player.onset + 1;
  const Seconds start = just_begun ? after : after + off;
  return {start, start + on};
}

Session Sessions::evening_in_cafe(const Player& player, Random& random, Seconds after) const {
  for (double day = std::floor(after / kDay);; ++day) {
    Random evening(cafe_seed_ + static_cast<std::uint64_t>(day), player.group);
    const Seconds start = day * kDay + (kCafeOpens + 2 * evening.uniform()) * kHour;
    const Seconds end = start + 60 * parameters_->cafe_minutes * evening.uniform(0.7, 1.3);
    constexpr double kAllThereWithin = 5;
    if (start > after && random.chance(kCafeAttendance)) return {start + kAllThereWithin * random.uniform(), end};
  }
}

}  // namespace liveops::simulation
