#pragma once

#include "adapters/postgres/pool.hpp"
#include "adapters/store_postgres/leaderboard/drafts.hpp"
#include "ports/snapshot_store.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

/// Snapshots in PostgreSQL.
///
/// Two processes may write one snapshot at once (one of them believes that it still holds the lease): who began last
/// writes on, the other's `append` and `complete` give `conflict`. So what is complete is of one writer.
class SnapshotStore final : public ports::SnapshotStore {
 public:
  /// `pool` outlives this.
  explicit SnapshotStore(postgres::Pool& pool) : pool_(pool) {}

  ports::Task<void> begin(std::string id) override;
  ports::Task<void> append(std::string id, std::vector<ports::SnapshotRow> rows) override;
  ports::Task<void> complete(ports::Snapshot snapshot) override;
  ports::Task<std::vector<ports::Snapshot>> list(ports::SnapshotFilter filter, std::uint64_t offset,
                                                 std::size_t limit) override;
  ports::Task<ports::Snapshot> find(std::string id) override;
  ports::Task<std::vector<ports::SnapshotRow>> rows(std::string id, std::uint64_t offset, std::size_t limit) override;
  ports::Task<std::vector<ports::SnapshotRow>> promoted(std::string id, std::uint64_t after,
                                                        std::size_t limit) override;
  ports::Task<std::uint64_t> keep_newest(core::StandingsId table, std::size_t keep) override;

 private:
  /// Removes rows of snapshots that were given up, in a few steps; what is left goes the next time.
  [[nodiscard]] ports::Task<void> clear_up();

  postgres::Pool& pool_;
  Drafts drafts_;
};

}  // namespace liveops::adapters::store_postgres::leaderboard
