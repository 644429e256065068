#pragma once

#include <optional>

#include "adapters/postgres/session.hpp"
#include "ports/revision_store.hpp"

/// RevisionStore::look_on and begin, each inside a transaction of its own.
///
/// Order of locks, as for whoever takes in changes of standing: a row of revision_queue, then of standings_tables, then
/// those of left_out.
namespace liveops::adapters::store_postgres::leaderboard {

[[nodiscard]] ports::Task<bool> look_on(postgres::Session& session);
[[nodiscard]] ports::Task<std::optional<ports::RevisionPlan>> begin_revision(postgres::Session& session);

}  // namespace liveops::adapters::store_postgres::leaderboard
