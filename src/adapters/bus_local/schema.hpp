#pragma once

#include "adapters/sqlite/database.hpp"

namespace liveops::adapters::bus_local {

/// Brings bus.db to this release's schema. Errors: as `sqlite::migrate`; `conflict` also when an
/// old build has kept messages in it.
[[nodiscard]] core::Status prepare_schema(sqlite::Database& database);

}  // namespace liveops::adapters::bus_local
