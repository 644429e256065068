#pragma once

#include "adapters/postgres/session.hpp"
#include "ports/reward_store.hpp"

/// Grants claimed rewards and marks receipts as used, within a transaction.
namespace liveops::adapters::store_postgres::progression {

/// As ports::RewardStore::claim.
[[nodiscard]] ports::Task<ports::ClaimOutcome> write_claim(postgres::Session& session, ports::Claim claim);

/// As ports::RewardStore::redeem.
[[nodiscard]] ports::Task<ports::RedeemOutcome> write_redemption(postgres::Session& session, core::ReceiptId id,
                                                                 core::Timestamp now);

}  // namespace liveops::adapters::store_postgres::progression
