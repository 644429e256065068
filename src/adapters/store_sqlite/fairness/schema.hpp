#pragma once

#include <span>

#include "adapters/sqlite/migrations.hpp"

namespace liveops::adapters::store_sqlite::fairness {

/// All steps of fairness.db's schema.
[[nodiscard]] std::span<const sqlite::Migration> migrations();

}  // namespace liveops::adapters::store_sqlite::fairness
