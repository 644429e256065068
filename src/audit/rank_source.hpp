#pragma once

#include <cstdint>
#include <vector>

#include "core/ids.hpp"
#include "core/standings_id.hpp"
#include "core/time.hpp"
#include "ports/task.hpp"

namespace liveops::audit {

/// A place in a table, as players are shown it.
struct RankedEntry {
  std::uint64_t rank = 0;
  core::PlayerId player;
  std::int64_t score = 0;
  core::Timestamp achieved_at;
};

/// Part of a table, in rank order.
struct RankedPage {
  std::uint64_t total = 0;
  std::vector<RankedEntry> entries;
};

/// Where ranks are read as players read them: a running leaderboard.
///
/// Threads: one call at a time. Errors of every call: `unavailable`, `timeout`, `unauthenticated`, `corrupt` (the
/// answer is not a leaderboard's).
class RankSource {
 public:
  virtual ~RankSource() = default;

  /// The leaderboard's own time.
  [[nodiscard]] virtual ports::Task<core::Timestamp> time() = 0;

  /// Errors: also `not_found` (it shows no such table, or nobody in it).
  [[nodiscard]] virtual ports::Task<RankedPage> page(core::StandingsId table, std::uint64_t offset,
                                                     std::size_t limit) = 0;
};

}  // namespace liveops::audit
