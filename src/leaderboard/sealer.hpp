#pragma once

#include <chrono>
#include <cstdint>

#include "core/time.hpp"
#include "leaderboard/board_book.hpp"
#include "leaderboard/caught_up.hpp"
#include "leaderboard/counters.hpp"
#include "leaderboard/duty.hpp"
#include "leaderboard/snapshot_seal.hpp"
#include "ports/log.hpp"
#include "ports/rank_index.hpp"
#include "ports/snapshot_store.hpp"
#include "ports/standing_store.hpp"

namespace liveops::leaderboard {

/// Seals closed periods: all rows in rank order into a hashed and signed snapshot, exactly once.
///
/// Steps, each durable before the next: mark `sealing` (no event counts any more, who is hidden is fixed); write the
/// rows; complete the snapshot; mark `sealed`; drop the table from the index. Whatever step it died at, the next `run`
/// goes on from there and ends with the same hash.
/// One process does it, as long as it has the duty. One that lost it half way, and does not know yet, can do no harm:
/// the snapshot store refuses rows of all but the writer that began last, and both write the same rows. Threads: one
/// `run` at a time.
class Sealer {
 public:
  struct Parts {
    const CurrentBoards& boards;
    ports::StandingStore& standings;
    ports::SnapshotStore& snapshots;
    ports::RankIndex& index;
    const SnapshotSigner& signer;
    Duty& duty;
    const core::Clock& clock;
    ports::Log& log;
    Counters& counters;
  };
  /// How long an event that was received in time may need from the gateway into the bus.
  static constexpr std::chrono::seconds kSettle{10};

  explicit Sealer(Parts parts, std::chrono::seconds settle = kSettle) : parts_(parts), settle_(settle) {}

  /// Seals what is due, the earliest end first, also after days of downtime; how many. Stops early, without error, at
  /// the first period that unprocessed events may still belong to. Errors: `unavailable` (another process has the
  /// duty); as the ports; call again later.
  [[nodiscard]] ports::Task<std::uint64_t> run(CaughtUp caught_up);

 private:
  [[nodiscard]] ports::Task<void> seal(ports::StandingsSpec spec);
  [[nodiscard]] ports::Task<void> write_snapshot(ports::StandingsSpec spec);
  /// Rows of the snapshot, hashed and kept; the finished description.
  [[nodiscard]] ports::Task<ports::Snapshot> write_rows(ports::StandingsSpec spec, std::string id);

  Parts parts_;
  std::chrono::seconds settle_;
};

}  // namespace liveops::leaderboard
