#pragma once

#include <cstdint>
#include <string>

#include "core/time.hpp"
#include "leaderboard/board_book.hpp"
#include "leaderboard/counters.hpp"
#include "leaderboard/duty.hpp"
#include "leaderboard/snapshot_seal.hpp"
#include "ports/log.hpp"
#include "ports/revision_store.hpp"
#include "ports/snapshot_store.hpp"

namespace liveops::leaderboard {

/// Writes sealed periods down anew when somebody is disqualified, reinstated, or was wrongly blocked when they were
/// sealed: docs/adr says what a revision is.
///
/// Steps, each durable before the next: the plan (who belongs in it is fixed); the rows; what changed; the complete
/// snapshot; the end of the plan. Whatever step it died at, the next `run` goes on from there and ends with the same
/// hash, also if others were disqualified meanwhile: they come with the revision after. One process does it, as with
/// Sealer, and one that lost the duty half way can do no harm for the same reasons. Threads: one `run` at a time.
class Reviser {
 public:
  static constexpr std::uint64_t kAtOnce = 16;  // revisions, and tables looked through, in one `run`

  struct Parts {
    const CurrentBoards& boards;
    ports::RevisionStore& revisions;
    ports::SnapshotStore& snapshots;
    const SnapshotSigner& signer;
    Duty& duty;
    const core::Clock& clock;
    ports::Log& log;
    Counters& counters;
  };
  explicit Reviser(Parts parts) : parts_(parts) {}

  /// Writes revisions that are due, at most `kAtOnce`; how many. Errors: `unavailable` (another process has the duty);
  /// as the ports; call again later.
  [[nodiscard]] ports::Task<std::uint64_t> run();

 private:
  [[nodiscard]] ports::Task<void> look_through();
  [[nodiscard]] ports::Task<void> revise(ports::RevisionPlan plan);
  [[nodiscard]] ports::Task<void> write(ports::RevisionPlan plan, std::string id, ports::Snapshot previous);

  Parts parts_;
};

}  // namespace liveops::leaderboard
