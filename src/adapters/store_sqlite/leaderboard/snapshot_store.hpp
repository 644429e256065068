#pragma once

#include "adapters/store_sqlite/leaderboard/standing_store.hpp"
#include "ports/snapshot_store.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

/// Snapshots in SQLite.
class SnapshotStore final : public ports::SnapshotStore {
 public:
  explicit SnapshotStore(Connections& connections) : connections_(connections) {}

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
  Connections& connections_;
};

}  // namespace liveops::adapters::store_sqlite::leaderboard
