#pragma once

#include <memory>

#include "adapters/store_postgres/leaderboard/leases.hpp"
#include "adapters/store_postgres/leaderboard/revision_store.hpp"
#include "adapters/store_postgres/leaderboard/snapshot_store.hpp"
#include "adapters/store_postgres/leaderboard/standing_store.hpp"
#include "adapters/store_postgres/leaderboard/visibility_store.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

/// The stores of the leaderboard in one PostgreSQL database, schema `leaderboard`; any number of processes may have it
/// open.
///
/// Threads: any. Requires: no call is under way when it ends; `pool` outlives it.
class LeaderboardStore {
 public:
  /// Brings the schema up to date. Errors: as postgres::migrate.
  [[nodiscard]] static ports::Task<std::unique_ptr<LeaderboardStore>> open(postgres::Pool& pool);

  [[nodiscard]] ports::StandingStore& standings() { return standings_; }
  [[nodiscard]] ports::SnapshotStore& snapshots() { return snapshots_; }
  [[nodiscard]] ports::VisibilityStore& visibility() { return visibility_; }
  [[nodiscard]] ports::RevisionStore& revisions() { return revisions_; }
  [[nodiscard]] ports::Leases& leases() { return leases_; }

 private:
  explicit LeaderboardStore(postgres::Pool& pool)
      : standings_(pool), snapshots_(pool), visibility_(pool), revisions_(pool), leases_(pool) {}

  StandingStore standings_;
  SnapshotStore snapshots_;
  VisibilityStore visibility_;
  RevisionStore revisions_;
  Leases leases_;
};

}  // namespace liveops::adapters::store_postgres::leaderboard
