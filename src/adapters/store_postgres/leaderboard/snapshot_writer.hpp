#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "adapters/postgres/session.hpp"
#include "ports/snapshot_store.hpp"

/// Writing snapshots, inside the transaction of `session`; see the calls of ports::SnapshotStore. Arguments outlive the
/// call.
namespace liveops::adapters::store_postgres::leaderboard {

/// Gives up what an unfinished attempt left, and drafts of any name that are a day old; the number of the new draft.
[[nodiscard]] ports::Task<std::int64_t> begin_snapshot(postgres::Session& session, const std::string& id);
/// `draft`: as begin_snapshot gave it. Errors: `conflict` also when somebody has begun the snapshot anew.
[[nodiscard]] ports::Task<void> append_rows(postgres::Session& session, std::int64_t draft,
                                            const std::vector<ports::SnapshotRow>& rows);
/// As append_rows.
[[nodiscard]] ports::Task<void> complete_snapshot(postgres::Session& session, std::int64_t draft,
                                                  const ports::Snapshot& snapshot);
/// Gives up the older ones; their rows go in later steps.
[[nodiscard]] ports::Task<std::uint64_t> keep_newest_snapshots(postgres::Session& session,
                                                               const core::StandingsId& table, std::size_t keep);

/// Removes some rows of a snapshot that was given up; false: there are none left.
[[nodiscard]] ports::Task<bool> remove_given_up(postgres::Session& session);

}  // namespace liveops::adapters::store_postgres::leaderboard
