#pragma once

#include <memory>

#include "adapters/sqlite/database.hpp"
#include "ports/standing_store.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

/// Opens a cursor over the rows of a table that is being sealed, on a connection and a thread of its own: a long sort
/// holds up no other read, and it may spill to a temporary file, so that memory stays bounded.
/// Errors: as StandingStore::ranked.
[[nodiscard]] core::Result<std::unique_ptr<ports::RankedRows>> open_ranked_rows(sqlite::Database& reader,
                                                                                const core::StandingsId& table,
                                                                                const ports::RankOrder& order);

}  // namespace liveops::adapters::store_sqlite::leaderboard
