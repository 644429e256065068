#include "fairness/ladder.hpp"

#include <algorithm>
#include <chrono>

namespace liveops::fairness {
namespace {

using std::chrono::seconds;

constexpr std::int64_t kForgiveThrottleS = 1800;
constexpr std::int64_t kForgiveBlockS = 86'400;
constexpr std::uint32_t kMostThrottles = 7;  // what the counters hold
constexpr std::uint32_t kMostBlocks = 7;

core::Timestamp from_seconds(std::uint32_t s) {
  return core::Timestamp(seconds(s));
}

std::uint32_t forgive(std::uint32_t count, core::Timestamp last_end, core::Timestamp now, std::int64_t one_in_s) {
  if (now <= last_end) return count;
  const std::int64_t forgiven = std::chrono::duration_cast<seconds>(now - last_end).count() / one_in_s;
  return count - static_cast<std::uint32_t>(std::min<std::int64_t>(forgiven, count));
}

std::int64_t doubled(std::int64_t first_s, std::int64_t most_s, std::uint32_t times) {
  std::int64_t length = first_s;
  for (std::uint32_t i = 0; i < times && length < most_s; ++i) length *= 2;
  return std::min(length, most_s);
}

/// Whole seconds, rounded up: that is how the table keeps it.
core::Timestamp after(core::Timestamp now, std::int64_t length_s) {
  return std::chrono::ceil<seconds>(now + seconds(length_s));
}

constexpr std::uint32_t kFlagTimes = 64;     // what the state can tell apart
constexpr std::uint32_t kAnotherDay = 3;     // thirds of a day
constexpr std::uint32_t kTwoWeeks = 3 * 14;  // the same

/// Thirds of a day, modulo 64: three weeks.
std::uint32_t flag_time(core::Timestamp now) {
  constexpr std::chrono::hours kThird{8};
  return static_cast<std::uint32_t>(now.time_since_epoch() / kThird) % kFlagTimes;
}

std::uint32_t since_flag(const PlayerState& player, core::Timestamp now) {
  return (flag_time(now) + kFlagTimes - player.flag_time) % kFlagTimes;
}

void remember_end(PlayerState& player, core::Timestamp end) {
  player.throttled_until_s =
      static_cast<std::uint32_t>(std::chrono::duration_cast<seconds>(end.time_since_epoch()).count());
}

}  // namespace

core::Timestamp Ladder::throttle(const Terms& terms, PlayerState& player, core::Timestamp now) {
  const std::uint32_t before =
      forgive(player.throttles, from_seconds(player.throttled_until_s), now, kForgiveThrottleS);
  const core::Timestamp end = after(now, doubled(terms.throttle_first_s, terms.throttle_max_s, before));
  player.throttles = std::min(before + 1, kMostThrottles);
  remember_end(player, end);
  return end;
}

core::Timestamp Ladder::block(const Terms& terms, PlayerState& player, core::Timestamp now) {
  const std::uint32_t before = forgive(player.blocks, from_seconds(player.throttled_until_s), now, kForgiveBlockS);
  const core::Timestamp end = after(now, doubled(terms.block_first_s, terms.block_max_s, before));
  player.blocks = std::min(before + 1, kMostBlocks);
  remember_end(player, end);
  return end;
}

bool Ladder::is_second_flag(const PlayerState& player, core::Timestamp now) {
  const std::uint32_t since = since_flag(player, now);
  return player.flag_noted != 0 && since >= kAnotherDay && since < kTwoWeeks;
}

void Ladder::note_flag(PlayerState& player, core::Timestamp now) {
  player.flag_noted = 1;
  player.flag_time = flag_time(now) & (kFlagTimes - 1);
}

void Ladder::forget_flag(PlayerState& player, core::Timestamp now) {
  if (player.flag_noted != 0 && since_flag(player, now) >= kTwoWeeks) player.flag_noted = 0;
}

std::optional<core::Timestamp> Ladder::throttled_until(const PlayerState& player, core::Timestamp now) {
  const core::Timestamp until = from_seconds(player.throttled_until_s);
  return until > now ? std::optional(until) : std::nullopt;
}

}  // namespace liveops::fairness
