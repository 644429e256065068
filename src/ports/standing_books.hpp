#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/board_operator.hpp"
#include "core/ids.hpp"
#include "core/standings_id.hpp"
#include "core/verdict.hpp"
#include "ports/standing_store.hpp"
#include "ports/task.hpp"

namespace liveops::ports {

/// What a player holds in a table, with the event it is from on boards of operator `last`.
struct HeldStanding {
  core::PlayerId player;
  core::StandingsId table;
  core::Mark mark;
  friend bool operator==(const HeldStanding&, const HeldStanding&) = default;
};

/// All that the leaderboard has written down of periods that are not sealed, for whoever checks it. Writes nothing, and
/// keeps nobody from writing.
///
/// Threads: any; one `read` at a time.
class StandingBooks {
 public:
  /// The books as they were at one moment. Errors of every call: `unavailable`, `timeout`, `corrupt`.
  class Reader {
   public:
    virtual ~Reader() = default;
    /// Every table there ever was.
    [[nodiscard]] virtual Task<std::vector<StandingsInfo>> tables() = 0;
    /// The rows of all tables that are not sealed, of the players after `after` (empty: from the start): about `limit`
    /// of them, all of a player together; empty at the end. Order: by player id, byte by byte.
    [[nodiscard]] virtual Task<std::vector<HeldStanding>> rows(std::string after, std::size_t limit) = 0;
    /// What these players hold in this table, in some order.
    [[nodiscard]] virtual Task<std::vector<HeldStanding>> rows_of(core::StandingsId table,
                                                                  std::vector<core::PlayerId> players) = 0;
    /// As VisibilityStore::blocked.
    [[nodiscard]] virtual Task<std::vector<core::StandingChange>> blocked() = 0;
  };

  virtual ~StandingBooks() = default;

  /// As ProgressBooks::read.
  [[nodiscard]] virtual Task<void> read(std::function<Task<void>(Reader&)> work) = 0;
};

}  // namespace liveops::ports
