#include "fairness/async/activity_check.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>

#include "fairness/async/evidence.hpp"

namespace liveops::fairness::async {
namespace {

constexpr std::int64_t kHourUs = std::int64_t{3600} * 1'000'000;
constexpr std::int64_t kDayUs = 24 * kHourUs;
constexpr std::uint16_t kLeastDays = 3;
constexpr std::uint8_t kDaysRemembered = 7;

/// e^entropy: 1 when all play falls into one hour of the day, 24 when it is spread evenly.
float hours_that_count(const std::array<std::uint8_t, 24>& hours) {
  const auto total = static_cast<float>(std::accumulate(hours.begin(), hours.end(), 0));
  float entropy = 0;
  for (const std::uint8_t hour : hours) {
    if (hour == 0) continue;
    const float share = static_cast<float>(hour) / total;
    entropy -= share * std::log(share);
  }
  return std::exp(entropy);
}

}  // namespace

Judgement ActivityCheck::begin_quarter(Player& player, std::int64_t now_us, std::size_t least_players,
                                       std::uint32_t hour) {
  ActivityState& state = player.activity;
  const auto day = static_cast<std::uint32_t>(now_us / kDayUs);
  Judgement judgement;
  if (state.quarters_today > 0 && day != state.day) {
    judgement = judge_day(player, least_players, hour);
    state.quarters_today = 0;
    if (state.days < std::numeric_limits<std::uint16_t>::max()) ++state.days;
    if (++state.week >= kDaysRemembered) {
      state.week = 0;
      for (std::uint8_t& quarters : state.hours) quarters /= 2;
    }
  }
  state.day = day;
  ++state.quarters_today;
  std::uint8_t& quarters = state.hours[static_cast<std::size_t>(now_us % kDayUs / kHourUs)];
  if (quarters < std::numeric_limits<std::uint8_t>::max()) ++quarters;
  return judgement;
}

Judgement ActivityCheck::judge_day(const Player& player, std::size_t least_players, std::uint32_t hour) {
  const ActivityState& state = player.activity;
  Judgement judgement;
  double p = 1;
  const auto quarters = static_cast<float>(std::log(static_cast<double>(state.quarters_today)));
  if (quarters_.size() >= least_players) {
    p = quarters_.p_of(quarters, least_players);
    judgement = {.judged = true,
                 .observed = static_cast<float>(state.quarters_today) / 4,
                 .expected = std::exp(quarters_.quantile(0.5)) / 4,
                 .peer_quantile = quarters_.share_below(quarters),
                 .samples = state.quarters_today,
                 .review_only = true};
  }
  if (!player.suspect) quarters_.put(player.tag(), quarters, hour);
  if (state.days + 1U >= kLeastDays) {
    const float spread = hours_that_count(state.hours);
    p = std::min(p, spreads_.p_of(spread, least_players));
    if (!player.suspect) spreads_.put(player.tag(), spread, hour);
  }
  p = std::min(1.0, 2 * p);
  judgement.once_in = 1 / p;
  judgement.e_value = e_value_of(p);
  return judgement;
}

Judgement ActivityCheck::unbroken(const Player& player, std::int64_t now_us, const core::AsyncRules& rules) {
  const std::int64_t since = now_us - player.activity.unbroken_since_us;
  if (since < std::chrono::microseconds(rules.unbroken).count()) return {};
  return {.judged = true,
          .once_in = rules.review_once_in,
          .e_value = 1,  // a rule, not a surprise
          .observed = static_cast<float>(static_cast<double>(since) / static_cast<double>(kHourUs)),
          .expected = static_cast<float>(rules.unbroken.count()) / 3600,
          .samples = player.events,
          .review_only = true};
}

void ActivityCheck::forget(std::uint32_t tag) {
  quarters_.remove(tag);
  spreads_.remove(tag);
}

void ActivityCheck::refresh() {
  quarters_.refresh();
  spreads_.refresh();
}

void ActivityCheck::save(Writer& out) const {
  quarters_.save(out);
  spreads_.save(out);
}

bool ActivityCheck::restore(Reader& in) {
  return quarters_.restore(in) && spreads_.restore(in);
}

}  // namespace liveops::fairness::async
