#include "fairness/ladder.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

namespace liveops::fairness {
namespace {

constexpr std::chrono::minutes kForgiveOneIn{30};

core::Timestamp from_seconds(std::uint32_t seconds) {
  return core::Timestamp(std::chrono::seconds(seconds));
}

}  // namespace

Ladder::Step Ladder::escalate(PlayerState& player, core::Timestamp now) const {
  const core::Timestamp last_end = from_seconds(player.throttled_until_s);
  if (now > last_end) {
    const auto forgiven = (now - last_end) / kForgiveOneIn;
    player.throttles -= static_cast<std::uint8_t>(std::min<std::int64_t>(forgiven, player.throttles));
  }
  if (rules_.throttles_to_block > 0 && player.throttles >= rules_.throttles_to_block) {
    player.throttles = 0;
    return Step{core::VerdictAction::block, block_until(now)};
  }
  std::chrono::seconds length = rules_.throttle_first;
  for (int i = 0; i < player.throttles && length < rules_.throttle_max; ++i) length *= 2;
  length = std::min(length, rules_.throttle_max);
  if (player.throttles < std::numeric_limits<std::uint8_t>::max()) ++player.throttles;
  // Whole seconds, rounded up: that is how the table keeps it.
  const auto until = std::chrono::ceil<std::chrono::seconds>(now + length);
  player.throttled_until_s = static_cast<std::uint32_t>(until.time_since_epoch().count());
  return Step{core::VerdictAction::throttle, until};
}

std::optional<core::Timestamp> Ladder::throttled_until(const PlayerState& player, core::Timestamp now) {
  const core::Timestamp until = from_seconds(player.throttled_until_s);
  return until > now ? std::optional(until) : std::nullopt;
}

}  // namespace liveops::fairness
