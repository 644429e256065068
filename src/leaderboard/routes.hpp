#pragma once

#include <vector>

#include "leaderboard/leaderboard.hpp"
#include "ports/route.hpp"

namespace liveops::leaderboard {

/// GET /leaderboard, /leaderboard/around, /leaderboard/players/{id}, /leaderboard/windows, /leaderboard/snapshots,
/// /leaderboard/snapshots/{id}, /leaderboard/snapshots/{id}/changes (with a token, as reasons may name people),
/// /leaderboard/revisions; POST /leaderboard/ranks, /leaderboard/rebuild (admin).
/// Lifetime: `service` outlives the routes.
[[nodiscard]] std::vector<ports::Route> routes(Leaderboard& service);

}  // namespace liveops::leaderboard
