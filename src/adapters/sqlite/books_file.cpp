#include "adapters/sqlite/books_file.hpp"

namespace liveops::adapters::sqlite {

using core::Errc;

namespace {

constexpr int kCacheMib = 32;  // also what a sorter holds in memory before it goes to a file

}  // namespace

core::Result<Database> open_books_file(const std::filesystem::path& file, std::string_view table) {
  std::error_code failed;
  if (!std::filesystem::exists(file, failed)) {
    return core::fail(Errc::not_found, file.string() + " is not there: name the server's directory with --data-dir");
  }
  auto database = Database::open(file, {.cache_mib = kCacheMib});
  if (!database) return database;
  if (auto done = database->exec("PRAGMA query_only=ON; PRAGMA temp_store=FILE"); !done) {
    return std::unexpected(done.error());
  }
  auto query = database->prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
  const auto found = query.bind_text(1, table).step();
  if (!found) return std::unexpected(found.error());
  if (!*found) return core::fail(Errc::not_found, file.string() + " has no tables yet: run `liveops migrate`");
  return database;
}

}  // namespace liveops::adapters::sqlite
