#include "fairness/rate_check.hpp"

#include <chrono>
#include <cmath>

namespace liveops::fairness {
namespace {

// What a game's quickest honest players get, on top of their rate.
constexpr double kBurstRates = 6;
constexpr double kBacklogSeconds = 75;  // of play, delivered at once
constexpr double kSustainedRates = 1.5;
constexpr double kCreditSeconds = 900;

Finding refusal(const Terms& terms, Detector detector, const RateLimit& limit, double fill, core::Timestamp now) {
  Finding finding;
  finding.detector = detector;
  finding.mode = terms.mode(detector);
  finding.action = core::VerdictAction::throttle;
  finding.observed = fill + 1;
  finding.expected = limit.size;
  const double wait_us = std::ceil((fill + 1 - limit.size) / limit.per_second * 1e6) + 1;
  finding.until = now + std::chrono::microseconds(static_cast<std::int64_t>(wait_us));
  return finding;
}

}  // namespace

RateCheck::RateCheck(const Terms& terms, const Population& population)
    : burst{.per_second = terms.burst_per_second, .size = terms.burst_size},
      sustained{.per_second = terms.sustained_per_second, .size = terms.sustained_credit} {
  if (!terms.adapt || !population.rates.ready) return;
  const double highest = population.rates.highest;
  burst.per_second = std::max(burst.per_second, kBurstRates * highest);
  burst.size = std::max(burst.size, kBacklogSeconds * highest);
  sustained.per_second = std::max(sustained.per_second, kSustainedRates * highest);
  sustained.size = std::max(sustained.size, kCreditSeconds * highest);
}

std::optional<Finding> RateCheck::judge(const Terms& terms, PlayerState& player, core::Timestamp now) const {
  const std::int64_t since_us = player.last_us == 0 ? 0 : now.time_since_epoch().count() - player.last_us;
  const double in_burst = burst.fill(player.burst_fill, since_us);
  const double in_sustained = sustained.fill(player.sustained_fill, since_us);
  const auto is_on = [&terms](Detector detector) { return terms.mode(detector) != core::RuleMode::off; };
  if (in_burst + 1 > burst.size && is_on(Detector::burst)) return refusal(terms, Detector::burst, burst, in_burst, now);
  if (in_sustained + 1 > sustained.size && is_on(Detector::sustained)) {
    return refusal(terms, Detector::sustained, sustained, in_sustained, now);
  }
  player.burst_fill = static_cast<float>(in_burst + 1);
  player.sustained_fill = static_cast<float>(in_sustained + 1);
  return std::nullopt;
}

void RateCheck::settle(PlayerState& player, core::Timestamp now) const {
  const std::int64_t since_us = player.last_us == 0 ? 0 : now.time_since_epoch().count() - player.last_us;
  player.burst_fill = static_cast<float>(burst.fill(player.burst_fill, since_us));
  player.sustained_fill = static_cast<float>(sustained.fill(player.sustained_fill, since_us));
}

RateCheck::Credit RateCheck::credit(const PlayerState& player, core::Timestamp now) const {
  const std::int64_t since_us = player.last_us == 0 ? 0 : now.time_since_epoch().count() - player.last_us;
  return Credit{.burst = std::max(0.0, burst.size - burst.fill(player.burst_fill, since_us)),
                .sustained = std::max(0.0, sustained.size - sustained.fill(player.sustained_fill, since_us))};
}

}  // namespace liveops::fairness
