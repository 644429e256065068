#pragma once

#include <optional>

#include "adapters/sqlite/database.hpp"
#include "core/error.hpp"
#include "ports/revision_store.hpp"

/// The calls of ports::RevisionStore, each a transaction where it writes.
namespace liveops::adapters::store_sqlite::leaderboard {

[[nodiscard]] core::Result<std::optional<ports::RevisionPlan>> begin_revision(sqlite::Database& database);
[[nodiscard]] core::Status note_revision(sqlite::Database& database, const core::StandingsId& table, int revision,
                                         const ports::RevisionNote& note);
[[nodiscard]] core::Status finish_revision(sqlite::Database& database, const core::StandingsId& table, int revision);
[[nodiscard]] core::Result<ports::RevisionNote> read_note(sqlite::Database& database, const core::StandingsId& table,
                                                          int revision);

}  // namespace liveops::adapters::store_sqlite::leaderboard
