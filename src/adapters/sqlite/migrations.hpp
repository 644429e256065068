#pragma once

#include <span>
#include <string_view>

#include "adapters/sqlite/database.hpp"

namespace liveops::adapters::sqlite {

/// One step of a schema: what brings version `number - 1` to `number`.
struct Migration {
  int number = 0;  // 1, 2, 3, ...
  std::string_view sql;
};

/// Brings the schema to the last migration, each step in a transaction of its own; the version is SQLite's
/// user_version. Errors: `conflict` when the file was written by a newer release (it is left alone); as `map_error`.
[[nodiscard]] core::Status migrate(Database& database, std::span<const Migration> migrations);

}  // namespace liveops::adapters::sqlite
