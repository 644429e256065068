#pragma once

#include <span>
#include <string_view>

#include "adapters/postgres/pool.hpp"

namespace liveops::adapters::postgres {

struct Migration {
  int number = 0;  // from 1, without gaps
  std::string_view sql;
};

/// Brings `schema` (made if need be; every table lives in it and is named with it) to the last migration, in one
/// transaction under an advisory lock, so that replicas may start together. Its table `schema_version` says what was
/// done. Errors: `conflict` (the schema is newer than this program: the message says both numbers),
/// `invalid_argument` (the database's encoding is not UTF8), else as the pool.
[[nodiscard]] ports::Task<void> migrate(Pool& pool, std::string_view schema, std::span<const Migration> migrations);

}  // namespace liveops::adapters::postgres
