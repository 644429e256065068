#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "adapters/sqlite/database.hpp"
#include "adapters/store_sqlite/fairness/audit_writer.hpp"
#include "adapters/store_sqlite/fairness/review_reader.hpp"
#include "core/error.hpp"
#include "ports/review_store.hpp"

namespace liveops::adapters::store_sqlite::fairness {

/// The writes of ReviewStore, each a transaction; as the port says.
///
/// Threads: the database's.
class ReviewWriter {
 public:
  /// `audit` outlives this.
  ReviewWriter(sqlite::Database& database, AuditWriter& audit);

  [[nodiscard]] core::Result<std::uint64_t> open(const std::vector<ports::Suspicion>& suspicions);
  [[nodiscard]] core::Result<ports::ReviewCase> claim(std::int64_t id, const std::string& worker, core::Timestamp now,
                                                      std::chrono::seconds lease);
  [[nodiscard]] core::Result<ports::ReviewCase> decide(std::int64_t id, const ports::ReviewCase::Decision& decision);
  [[nodiscard]] core::Status carried_out(std::int64_t id);

 private:
  /// False: there is no room for another case.
  [[nodiscard]] core::Result<bool> open_one(const ports::Suspicion& suspicion, std::int64_t& room);
  [[nodiscard]] core::Status count(const ports::ReviewCase& decided);
  [[nodiscard]] core::Status trim();

  sqlite::Database& database_;
  AuditWriter& audit_;
  ReviewReader reader_;
  sqlite::Statement add_;
  sqlite::Statement insert_;
  sqlite::Statement claim_;
  sqlite::Statement decide_;
};

}  // namespace liveops::adapters::store_sqlite::fairness
