#pragma once

#include <cstdint>

#include "core/time.hpp"
#include "leaderboard/board_book.hpp"
#include "leaderboard/counters.hpp"
#include "leaderboard/snapshot_seal.hpp"
#include "ports/rank_index.hpp"
#include "ports/snapshot_store.hpp"
#include "ports/standing_store.hpp"

namespace liveops::leaderboard {

/// Writes down the top of every open period now and then; the last 24 of a period are kept.
///
/// Threads: one `run` at a time.
class Snapshotter {
 public:
  static constexpr std::size_t kKept = 24;

  struct Parts {
    const CurrentBoards& boards;
    ports::StandingStore& standings;
    ports::SnapshotStore& snapshots;
    ports::RankIndex& index;
    const SnapshotSigner& signer;
    const core::Clock& clock;
    Counters& counters;
  };
  explicit Snapshotter(Parts parts) : parts_(parts) {}

  /// Takes the snapshots if WindowRules::snapshot_interval has passed since the last time; how many. A period without
  /// players has none. Errors: as the ports; call again later.
  [[nodiscard]] ports::Task<std::uint64_t> run();

 private:
  [[nodiscard]] ports::Task<void> take(ports::StandingsSpec spec, ports::RankPage page, core::Timestamp now);

  Parts parts_;
  core::Timestamp next_;
};

}  // namespace liveops::leaderboard
