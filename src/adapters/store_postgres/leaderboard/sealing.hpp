#pragma once

#include <cstdint>

#include "adapters/postgres/session.hpp"
#include "ports/standing_store.hpp"

/// Sealing, inside the transaction of `session`; see the calls of ports::StandingStore. Arguments outlive the call.
namespace liveops::adapters::store_postgres::leaderboard {

/// A table's row number and state.
struct TableState {
  std::int64_t row = 0;
  ports::StandingsState state = ports::StandingsState::open;
};
/// Errors: `not_found`; as the session.
[[nodiscard]] ports::Task<TableState> find_table(postgres::Session& session, const core::StandingsId& table);

/// Waits for the batches that are being applied to the table.
[[nodiscard]] ports::Task<void> begin_sealing(postgres::Session& session, const core::StandingsId& table,
                                              core::Timestamp now);
/// Waits for a ranking of the table that is being made.
[[nodiscard]] ports::Task<void> finish_sealing(postgres::Session& session, const core::StandingsId& table);

}  // namespace liveops::adapters::store_postgres::leaderboard
