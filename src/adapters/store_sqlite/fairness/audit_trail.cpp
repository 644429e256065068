#include "adapters/store_sqlite/fairness/audit_trail.hpp"

#include <string>
#include <utility>

#include "adapters/sqlite/books_file.hpp"
#include "adapters/store_sqlite/fairness/rows.hpp"

namespace liveops::adapters::store_sqlite::fairness {
namespace {

constexpr int kLinkColumn = 8;  // after kAuditColumns

core::Result<ports::AuditLine> read_line(const sqlite::Statement& row) {
  auto entry = read_audit(row);
  if (!entry) return std::unexpected(entry.error());
  return ports::AuditLine{.entry = std::move(*entry),
                          .link = {.position = row.int64(kLinkColumn),
                                   .previous = std::string(row.text(kLinkColumn + 1)),
                                   .hash = std::string(row.text(kLinkColumn + 2))}};
}

core::Result<std::optional<ports::AuditHead>> read_head(sqlite::Database& database) {
  sqlite::Statement query = database.prepare("SELECT lines, hash, signature FROM audit_head");
  const auto found = query.step();
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  return ports::AuditHead{
      .lines = query.int64(0), .hash = std::string(query.text(1)), .signature = std::string(query.text(2))};
}

core::Result<std::vector<ports::AuditLine>> read_lines(sqlite::Database& database, std::int64_t after,
                                                       std::size_t limit) {
  sqlite::Statement query =
      database.prepare("SELECT " + std::string(kAuditColumns) +
                       ", position, previous, hash FROM audit WHERE position > ? ORDER BY position LIMIT ?");
  query.bind(1, after).bind(2, static_cast<std::int64_t>(limit));
  return collect(query, read_line);
}

core::Result<std::vector<ports::AuditEntry>> read_loose(sqlite::Database& database, std::size_t limit) {
  sqlite::Statement query = database.prepare("SELECT " + std::string(kAuditColumns) +
                                             " FROM audit WHERE position IS NULL ORDER BY number LIMIT ?");
  query.bind(1, static_cast<std::int64_t>(limit));
  return collect(query, read_audit);
}

}  // namespace

core::Result<std::unique_ptr<AuditTrail>> AuditTrail::open(const std::filesystem::path& directory) {
  auto database = sqlite::open_books_file(directory / "fairness.db", "audit_head");
  if (!database) return std::unexpected(database.error());
  return std::unique_ptr<AuditTrail>(new AuditTrail(std::move(*database)));
}

AuditTrail::AuditTrail(sqlite::Database database) : database_(std::move(database)), worker_("audit") {}

ports::Task<std::optional<ports::AuditHead>> AuditTrail::head() {
  co_return co_await worker_.run([this] { return read_head(database_); });
}

ports::Task<std::vector<ports::AuditLine>> AuditTrail::lines(std::int64_t after, std::size_t limit) {
  co_return co_await worker_.run([this, after, limit] { return read_lines(database_, after, limit); });
}

ports::Task<std::vector<ports::AuditEntry>> AuditTrail::loose(std::size_t limit) {
  co_return co_await worker_.run([this, limit] { return read_loose(database_, limit); });
}

}  // namespace liveops::adapters::store_sqlite::fairness
