#pragma once

#include <cstdint>
#include <map>

#include "core/ids.hpp"
#include "core/time.hpp"

namespace liveops::ports {

/// A player's sums, all as of `version`. The level is not among them: it follows from `xp` and the rules.
struct Progress {
  core::PlayerId player_id;
  std::int64_t xp = 0;
  std::map<core::SeasonId, std::int64_t> season_xp;  // of the seasons in which the player earned some
  std::map<core::BossId, std::int64_t> boss_kills;
  std::int64_t version = 0;  // grows with every change; the larger one is the newer one
  core::Timestamp updated_at;
  friend bool operator==(const Progress&, const Progress&) = default;
};

}  // namespace liveops::ports
