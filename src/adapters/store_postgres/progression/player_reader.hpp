#pragma once

#include <vector>

#include "adapters/postgres/session.hpp"
#include "ports/progress_store.hpp"

/// Reads of one player, within a transaction. Errors: `not_found`, `corrupt`, else as postgres::Session.
namespace liveops::adapters::store_postgres::progression {

[[nodiscard]] ports::Task<ports::Progress> read_progress(postgres::Session& session, core::PlayerId player);
/// The same, and the player's row stays locked until the transaction ends.
[[nodiscard]] ports::Task<ports::Progress> lock_progress(postgres::Session& session, core::PlayerId player);
/// By item id.
[[nodiscard]] ports::Task<std::vector<ports::InventoryItem>> read_inventory(postgres::Session& session,
                                                                            core::PlayerId player);

}  // namespace liveops::adapters::store_postgres::progression
