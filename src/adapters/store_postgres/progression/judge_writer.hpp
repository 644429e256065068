#pragma once

#include <cstdint>
#include <vector>

#include "adapters/postgres/session.hpp"
#include "ports/reward_store.hpp"

/// ports::RewardStore::judge and forget_judged, each inside the transaction of `session`.
namespace liveops::adapters::store_postgres::progression {

[[nodiscard]] ports::Task<ports::RevokedReceipts> judge_players(postgres::Session& session,
                                                                std::vector<core::StandingChange> changes,
                                                                core::Timestamp now);
[[nodiscard]] ports::Task<std::uint64_t> forget_judged_players(postgres::Session& session, core::Timestamp before,
                                                               std::size_t limit);

}  // namespace liveops::adapters::store_postgres::progression
