#pragma once

#include <filesystem>
#include <string_view>

#include "adapters/sqlite/database.hpp"

namespace liveops::adapters::sqlite {

/// Opens a file that must exist and have `table`, through a connection that refuses to write; whoever writes the file
/// is not held up. What a statement has to sort goes to temporary files, not into memory. Errors: `not_found` (no such
/// file or table; says what to do), else as Database::open.
[[nodiscard]] core::Result<Database> open_books_file(const std::filesystem::path& file, std::string_view table);

}  // namespace liveops::adapters::sqlite
