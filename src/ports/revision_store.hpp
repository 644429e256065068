#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/standings_id.hpp"
#include "core/time.hpp"
#include "ports/standing_store.hpp"
#include "ports/task.hpp"

namespace liveops::ports {

/// A player who is not simply where the first revision of a sealed table has him.
struct RevisedPlayer {
  core::PlayerId player;
  std::int64_t score = 0;
  core::Timestamp achieved_at;
  bool in_first = false;  // has a row in revision 1; else he was left out of it, and this is what he held
  bool before = false;    // is in the revision before
  bool now = false;       // is to be in this one
  std::string reason;     // of what changed it
  friend bool operator==(const RevisedPlayer&, const RevisedPlayer&) = default;
};

/// A revision that is to be written: all rows of revision 1 and of `players` with `now`, without the others of
/// `players`.
struct RevisionPlan {
  StandingsSpec spec;
  int revision = 0;                    // from 2
  std::vector<RevisedPlayer> players;  // by player
};

/// What a revision changed.
struct RevisionNote {
  struct Player {
    core::PlayerId player;
    bool returned = false;   // else taken out
    std::uint64_t rank = 0;  // in this revision, or the one he had in the revision before
    std::int64_t score = 0;
    std::string reason;
    friend bool operator==(const Player&, const Player&) = default;
  };
  std::string previous_sha256;  // of the revision before
  std::uint64_t promoted = 0;   // players whose place got better
  std::string signature;        // lower-case hex, over all of this
  std::vector<Player> players;  // by player
  friend bool operator==(const RevisionNote&, const RevisionNote&) = default;
};

/// Knows which sealed tables have to be written down anew, since someone was disqualified, reinstated or wrongly
/// blocked, and remembers what each revision changed. Shares its data with a StandingStore, a SnapshotStore and a
/// VisibilityStore, which learns of the changes.
///
/// A player belongs in a sealed table unless he is disqualified since before it closed, or was blocked when it was
/// sealed and that block was not overturned.
/// Threads: any. Every call: `unavailable` when the store is away (safe to repeat), `corrupt`.
class RevisionStore {
 public:
  virtual ~RevisionStore() = default;

  /// Looks for newly disqualified players in one sealed table more; false: every table has been looked at.
  [[nodiscard]] virtual Task<bool> look_on() = 0;

  /// The next revision to write; nullopt: all are as they should be. A plan is durable: until `finish`, this gives the
  /// same one, whatever changes meanwhile. The table that closed first comes first.
  [[nodiscard]] virtual Task<std::optional<RevisionPlan>> begin() = 0;

  /// Keeps what the revision of `table` changes; again: in place of what was kept. Errors: `not_found` (no such table).
  [[nodiscard]] virtual Task<void> note(core::StandingsId table, int revision, RevisionNote note) = 0;

  /// The planned revision is written. Again: nothing happens. Errors: `not_found` (no such table).
  [[nodiscard]] virtual Task<void> finish(core::StandingsId table, int revision) = 0;

  /// Errors: `not_found` (a first revision changed nothing).
  [[nodiscard]] virtual Task<RevisionNote> note_of(core::StandingsId table, int revision) = 0;
};

}  // namespace liveops::ports
