#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "adapters/sqlite/database.hpp"
#include "core/error.hpp"

/// The steps of RevisionStore::look_on: what is to be looked at, the look itself, which only reads, and what it found.
namespace liveops::adapters::store_sqlite::leaderboard {

/// A sealed table in which newly disqualified players are looked for.
struct Look {
  std::int64_t table = 0;
  std::int64_t after = 0;    // disqualifications of higher numbers
  std::int64_t through = 0;  // and up to this one
};

struct LookedUp {
  std::int64_t player = 0;
  std::int64_t score = 0;
  std::int64_t achieved_at = 0;
};

/// nullopt: all tables have been looked at. Passes over those that no disqualification is about. A transaction.
[[nodiscard]] core::Result<std::optional<Look>> next_look(sqlite::Database& database);
/// The disqualified who are in the first revision.
[[nodiscard]] core::Result<std::vector<LookedUp>> look_up(sqlite::Database& database, const Look& look);
/// A transaction.
[[nodiscard]] core::Status keep_found(sqlite::Database& database, const Look& look, const std::vector<LookedUp>& found);

}  // namespace liveops::adapters::store_sqlite::leaderboard
