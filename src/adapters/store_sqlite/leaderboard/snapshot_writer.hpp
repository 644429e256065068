#pragma once

#include <string>
#include <vector>

#include "adapters/sqlite/database.hpp"
#include "ports/snapshot_store.hpp"

/// Writing snapshots, as transactions on the write connection; see the calls of ports::SnapshotStore.
namespace liveops::adapters::store_sqlite::leaderboard {

[[nodiscard]] core::Status begin_snapshot(sqlite::Database& database, const std::string& id);
[[nodiscard]] core::Status append_rows(sqlite::Database& database, const std::string& id,
                                       const std::vector<ports::SnapshotRow>& rows);
[[nodiscard]] core::Status complete_snapshot(sqlite::Database& database, const ports::Snapshot& snapshot);
[[nodiscard]] core::Result<std::uint64_t> keep_newest_snapshots(sqlite::Database& database,
                                                                const core::StandingsId& table, std::size_t keep);

}  // namespace liveops::adapters::store_sqlite::leaderboard
