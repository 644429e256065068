#include "adapters/sqlite/migrations.hpp"

#include <string>

namespace liveops::adapters::sqlite {

namespace {

core::Result<int> schema_version(Database& database) {
  auto query = database.prepare("PRAGMA user_version");
  const auto row = query.step();
  if (!row) return std::unexpected(row.error());
  return static_cast<int>(query.int64(0));
}

}  // namespace

core::Status migrate(Database& database, std::span<const Migration> migrations) {
  const auto version = schema_version(database);
  if (!version) return std::unexpected(version.error());
  const int newest = migrations.empty() ? 0 : migrations.back().number;
  if (*version > newest) {
    return core::fail(core::Errc::conflict, database.file().string() + " has schema version " +
                                                std::to_string(*version) + ", this release knows " +
                                                std::to_string(newest) +
                                                ": start the release that wrote it, or a newer one");
  }
  for (const Migration& migration : migrations) {
    if (migration.number <= *version) continue;
    auto transaction = Transaction::begin(database);
    if (!transaction) return std::unexpected(transaction.error());
    if (auto done = database.exec(std::string(migration.sql)); !done) return done;
    if (auto done = database.exec("PRAGMA user_version=" + std::to_string(migration.number)); !done) return done;
    if (auto done = transaction->commit(); !done) return done;
  }
  return {};
}

}  // namespace liveops::adapters::sqlite
