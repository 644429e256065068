#pragma once

#include <span>
#include <vector>

#include "adapters/postgres/session.hpp"
#include "adapters/store_postgres/leaderboard/batch_plan.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

/// Joins what a batch brings into the rows; gives those that are to be reported, as they stand then.
///
/// Reads the rows unlocked, joins here (core::join), and writes each only if it is still at the version that was read.
/// PostgreSQL locks every row of such a statement, also those that it leaves as they are: whoever was overtaken reads
/// them again under its own lock, and the second time cannot fail. So rows are locked once, in key order, and a new row
/// is written once.
/// Requires: `rows` by (player, table); all arguments outlive the call.
[[nodiscard]] ports::Task<std::vector<ports::AppliedBatch::Row>> write_standings(postgres::Session& session,
                                                                                 const ports::StandingBatch& batch,
                                                                                 std::span<const RowChange> rows);

}  // namespace liveops::adapters::store_postgres::leaderboard
