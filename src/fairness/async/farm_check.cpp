#include "fairness/async/farm_check.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "fairness/async/evidence.hpp"

namespace liveops::fairness::async {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::int64_t kTogetherUs = 120 * kSecondUs;
constexpr std::uint32_t kLeastEvents = 32;
constexpr std::uint32_t kRoundsWaited = 2;  // quarters of an hour
constexpr double kMostPerUnit = 1000;       // odds that one unit of play may add
constexpr double kMostEvidence = 1e30;
constexpr double kSlack = 0.05;  // added to the chance of equal bins: play is not spread evenly over a unit
constexpr std::uint16_t kEmpty = std::numeric_limits<std::uint16_t>::max();

/// P(X >= successes) of kSketch trials.
double binomial_tail(std::uint32_t successes, double chance) {
  double tail = 0;
  double choose = 1;
  for (std::uint32_t k = 0; k <= kSketch; ++k) {
    if (k >= successes) {
      tail += choose * std::pow(chance, k) * std::pow(1 - chance, static_cast<double>(kSketch - k));
    }
    choose *= static_cast<double>(kSketch - k) / static_cast<double>(k + 1);
  }
  return std::min(1.0, tail);
}

/// Share of seconds with events.
double busy(std::uint32_t events, std::int64_t start_us, std::int64_t end_us) {
  const double seconds = std::max(1.0, static_cast<double>(end_us - start_us) / static_cast<double>(kSecondUs));
  return 1 - std::exp(-static_cast<double>(events) / seconds);
}

}  // namespace

void FarmCheck::begin(UnitState& unit, std::int64_t now_us) {
  unit = {.start_us = now_us};
  unit.moments.fill(kEmpty);
}

void FarmCheck::observe(UnitState& unit, std::int64_t occurred_us) {
  ++unit.events;
  const std::uint64_t hash = mix(static_cast<std::uint64_t>(occurred_us / kSecondUs));
  std::uint16_t& least = unit.moments[hash % kSketch];
  least = std::min(least, static_cast<std::uint16_t>(hash >> 48U));
}

void FarmCheck::close(std::uint32_t slot, const Player& player) {
  if (player.unit.events < kLeastEvents || waiting_.size() >= kMostWaiting) return;
  Waiting unit{.slot = slot,
               .tag = player.tag(),
               .start_us = player.unit.start_us,
               .end_us = player.last_seen_us,
               .events = player.unit.events,
               .moments = player.unit.moments};
  for (Waiting& other : waiting_) {
    if (std::abs(other.start_us - unit.start_us) <= kTogetherUs && other.tag != unit.tag) compare(unit, other);
  }
  waiting_.push_back(unit);
}

void FarmCheck::compare(Waiting& one, Waiting& other) {
  std::uint32_t equal = 0;
  for (std::size_t i = 0; i < kSketch; ++i) {
    if (one.moments[i] == other.moments[i] && one.moments[i] != kEmpty) ++equal;
  }
  // Both busy in a second, over either busy, if they knew nothing of each other.
  const double first = busy(one.events, one.start_us, one.end_us);
  const double second = busy(other.events, other.start_us, other.end_us);
  const auto by_chance = static_cast<float>(first * second / (first + second - first * second));
  const auto note = [&](Waiting& unit, std::uint32_t partner) {
    ++unit.compared;
    if (unit.partner != 0 && equal <= unit.agreement) return;
    unit.agreement = equal;
    unit.by_chance = by_chance;
    unit.partner = partner;
  };
  note(one, other.tag);
  note(other, one.tag);
}

void FarmCheck::settle(std::size_t least_players, std::uint32_t hour, const PlayerAt& player_at, const Tell& tell) {
  std::size_t kept = 0;
  for (Waiting& unit : waiting_) {
    if (++unit.rounds <= kRoundsWaited) {
      waiting_[kept++] = unit;
      continue;
    }
    Player* player = unit.compared > 0 ? player_at(unit.slot, unit.tag) : nullptr;
    if (player != nullptr) judge(unit, *player, least_players, hour, tell);
  }
  waiting_.resize(kept);
}

void FarmCheck::judge(const Waiting& unit, Player& player, std::size_t least_players, std::uint32_t hour,
                      const Tell& tell) {
  const double chance = std::min(0.95, static_cast<double>(unit.by_chance) + kSlack);
  // The best of so many is one of so many tests.
  double p = std::min(1.0, binomial_tail(unit.agreement, chance) * unit.compared);
  // Above what chance gives, in standard deviations: comparable between busy and quiet pairs.
  const auto excess =
      static_cast<float>((unit.agreement - kSketch * chance) / std::sqrt(kSketch * chance * (1 - chance)));
  if (agreements_.size() >= least_players) p = std::max(p, agreements_.p_of(excess, least_players));
  if (!player.suspect) agreements_.put(player.tag(), excess, hour);
  FarmState& farm = player.farm;
  constexpr double kLeast = 0.2;  // one unit alone cannot clear a player
  const double factor = std::clamp(e_value_of(p), kLeast, kMostPerUnit);
  farm.evidence = static_cast<float>(std::min(kMostEvidence, (1 + static_cast<double>(farm.evidence)) * factor));
  if (farm.judged < std::numeric_limits<std::uint16_t>::max()) ++farm.judged;
  farm.partner = unit.partner;
  tell(player, {.judged = true,
                .once_in = std::max(1.0, static_cast<double>(farm.evidence)),
                .e_value = static_cast<double>(farm.evidence) / farm.judged,
                .observed = static_cast<float>(unit.agreement) / kSketch,
                .expected = static_cast<float>(chance),
                .peer_quantile = agreements_.share_below(excess),
                .samples = unit.events,
                .partner = unit.partner});
}

void FarmCheck::save(Writer& out) const {
  out.put_list(waiting_);
  agreements_.save(out);
}

bool FarmCheck::restore(Reader& in) {
  return in.take_list(waiting_, kMostWaiting) && agreements_.restore(in);
}

}  // namespace liveops::fairness::async
