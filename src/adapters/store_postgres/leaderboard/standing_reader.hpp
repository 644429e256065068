#pragma once

#include <string>
#include <vector>

#include "adapters/postgres/session.hpp"
#include "ports/standing_store.hpp"

/// Reading standings, inside the transaction of `session`; see the calls of ports::StandingStore. Arguments outlive the
/// call.
namespace liveops::adapters::store_postgres::leaderboard {

[[nodiscard]] ports::Task<std::vector<ports::StandingsInfo>> read_tables(postgres::Session& session,
                                                                         bool unsealed_only);
[[nodiscard]] ports::Task<std::vector<ports::StandingStore::TableRow>> scan_standings(postgres::Session& session,
                                                                                      const std::string& after,
                                                                                      std::size_t limit);
[[nodiscard]] ports::Task<std::vector<ports::StandingStore::PlayerRow>> read_players(
    postgres::Session& session, const std::vector<core::PlayerId>& players);

}  // namespace liveops::adapters::store_postgres::leaderboard
