#pragma once

#include "adapters/postgres/session.hpp"
#include "ports/standing_store.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

/// Applies a batch inside the transaction of `session`; see StandingStore::apply.
///
/// Replicas may apply overlapping batches at once. Locks are taken in one order by all: the tables (shared, so that
/// `begin_seal` waits for whoever is about to write), event ids ascending (a batch waits for another that has noted
/// one of its events, and then knows the outcome), rows by (player, table). All of the transaction must run at READ
/// COMMITTED: each statement sees what the locks before it waited for.
/// Requires: both arguments outlive the call.
[[nodiscard]] ports::Task<ports::AppliedBatch> apply_batch(postgres::Session& session,
                                                           const ports::StandingBatch& batch);

}  // namespace liveops::adapters::store_postgres::leaderboard
