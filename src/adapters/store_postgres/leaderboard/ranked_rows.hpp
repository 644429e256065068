#pragma once

#include <memory>

#include "adapters/postgres/pool.hpp"
#include "ports/standing_store.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

/// Sorts the rows of a table that is being sealed and opens them for reading; each piece is a transaction of its own.
/// `pool` outlives what it gives. Errors: as StandingStore::ranked.
[[nodiscard]] ports::Task<std::unique_ptr<ports::RankedRows>> open_ranked_rows(postgres::Pool& pool,
                                                                               core::StandingsId table,
                                                                               ports::RankOrder order);

}  // namespace liveops::adapters::store_postgres::leaderboard
