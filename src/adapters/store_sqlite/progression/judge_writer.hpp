#pragma once

#include <cstdint>
#include <vector>

#include "adapters/sqlite/database.hpp"
#include "ports/reward_store.hpp"

/// ports::RewardStore::judge and forget_judged, as transactions on the writing connection.
namespace liveops::adapters::store_sqlite::progression {

[[nodiscard]] core::Result<ports::RevokedReceipts> judge_players(sqlite::Database& database,
                                                                 const std::vector<core::StandingChange>& changes,
                                                                 core::Timestamp now);
[[nodiscard]] core::Result<std::uint64_t> forget_judged_players(sqlite::Database& database, core::Timestamp before,
                                                                std::size_t limit);

}  // namespace liveops::adapters::store_sqlite::progression
