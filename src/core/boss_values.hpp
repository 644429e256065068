#pragma once

#include <cstdint>
#include <span>

#include "core/event.hpp"
#include "core/rules.hpp"

namespace liveops::core {

/// What a boss kill is worth once the rules have filled in what the event left out.
struct ResolvedKill {
  std::int64_t xp = 0;
  std::int64_t score = 0;
  bool known = true;  // false: the rules have no such boss; what the event did not give is 0
  friend bool operator==(const ResolvedKill&, const ResolvedKill&) = default;
};

/// The event's own xp and score win. What is absent comes from the boss's rules times the multiplier of the difficulty,
/// rounded to the nearest integer and kept within 0..2^53. No difficulty, or one that the rules do not name: times 1.
[[nodiscard]] ResolvedKill resolve_boss_kill(std::span<const BossRules> bosses, const BossKill& kill);

}  // namespace liveops::core
