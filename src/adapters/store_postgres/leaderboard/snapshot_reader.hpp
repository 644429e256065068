#pragma once

#include <string>
#include <vector>

#include "adapters/postgres/session.hpp"
#include "ports/snapshot_store.hpp"

/// Reading snapshots, inside the transaction of `session`; see the calls of ports::SnapshotStore. Arguments outlive the
/// call.
namespace liveops::adapters::store_postgres::leaderboard {

[[nodiscard]] ports::Task<std::vector<ports::Snapshot>> list_snapshots(postgres::Session& session,
                                                                       const ports::SnapshotFilter& filter,
                                                                       std::uint64_t offset, std::size_t limit);
[[nodiscard]] ports::Task<ports::Snapshot> find_snapshot(postgres::Session& session, const std::string& id);
[[nodiscard]] ports::Task<std::vector<ports::SnapshotRow>> read_promoted_rows(postgres::Session& session,
                                                                              const std::string& id,
                                                                              std::uint64_t after, std::size_t limit);
[[nodiscard]] ports::Task<std::vector<ports::SnapshotRow>> read_snapshot_rows(postgres::Session& session,
                                                                              const std::string& id,
                                                                              std::uint64_t offset, std::size_t limit);

}  // namespace liveops::adapters::store_postgres::leaderboard
