#pragma once

#include <optional>

#include "adapters/postgres/session.hpp"
#include "ports/reward_store.hpp"

/// Reads of rewards and receipts, within a transaction. Errors: `not_found`, `corrupt`, else as postgres::Session.
namespace liveops::adapters::store_postgres::progression {

[[nodiscard]] ports::Task<ports::PlayerRewards> read_rewards(postgres::Session& session, core::PlayerId player);
[[nodiscard]] ports::Task<ports::StoredReceipt> read_receipt(postgres::Session& session, core::ReceiptId id);
/// The receipt of an earlier claim of the same; nullopt: there was none.
[[nodiscard]] ports::Task<std::optional<ports::StoredReceipt>> read_claimed(postgres::Session& session,
                                                                            ports::Claim claim);
/// Was it noted as earned?
[[nodiscard]] ports::Task<bool> is_earned(postgres::Session& session, ports::Claim claim);

}  // namespace liveops::adapters::store_postgres::progression
