#pragma once

#include <span>
#include <string_view>

#include "adapters/postgres/migrations.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

inline constexpr std::string_view kSchema = "leaderboard";

/// The schema `leaderboard`, step by step.
[[nodiscard]] std::span<const postgres::Migration> leaderboard_migrations();

}  // namespace liveops::adapters::store_postgres::leaderboard
