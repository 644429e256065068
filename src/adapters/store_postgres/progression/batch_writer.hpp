#pragma once

#include <vector>

#include "adapters/postgres/session.hpp"
#include "adapters/store_postgres/progression/known_players.hpp"
#include "ports/progress_store.hpp"

namespace liveops::adapters::store_postgres::progression {

/// As ports::ProgressStore::apply, within a transaction. The references outlive it.
[[nodiscard]] ports::Task<ports::ApplyOutcome> write_batch(postgres::Session& session,
                                                           const std::vector<ports::LedgerEntry>& entries,
                                                           const std::vector<ports::RewardThreshold>& thresholds,
                                                           const KnownPlayers& known, core::Timestamp now);

/// As ports::ProgressStore::forget_events, within a transaction. Rows that another replica is at are left to it.
[[nodiscard]] ports::Task<std::size_t> forget_events(postgres::Session& session, core::Timestamp applied_before,
                                                     std::size_t limit);

}  // namespace liveops::adapters::store_postgres::progression
