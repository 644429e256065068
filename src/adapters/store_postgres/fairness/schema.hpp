#pragma once

#include <span>
#include <string_view>

#include "adapters/postgres/migrations.hpp"

namespace liveops::adapters::store_postgres::fairness {

inline constexpr std::string_view kSchema = "fairness";

/// All steps of the schema.
[[nodiscard]] std::span<const postgres::Migration> migrations();

}  // namespace liveops::adapters::store_postgres::fairness
