#pragma once

#include <span>

#include "adapters/sqlite/migrations.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

/// The schema of leaderboard.db, step by step.
[[nodiscard]] std::span<const sqlite::Migration> leaderboard_migrations();

}  // namespace liveops::adapters::store_sqlite::leaderboard
