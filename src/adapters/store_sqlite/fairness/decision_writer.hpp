#pragma once

#include <vector>

#include "adapters/sqlite/database.hpp"
#include "core/error.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::adapters::store_sqlite::fairness {

/// Adds decisions to the ring and to the list of flagged players.
///
/// Threads: the database's.
class DecisionWriter {
 public:
  DecisionWriter(sqlite::Database& database, std::int64_t kept);

  /// As VerdictStore::record.
  [[nodiscard]] core::Status record(const std::vector<ports::DecisionRecord>& decisions);

 private:
  [[nodiscard]] core::Status record_one(const ports::DecisionRecord& decision);

  sqlite::Database& database_;
  std::int64_t kept_;
  sqlite::Statement insert_;
  sqlite::Statement flag_;
  sqlite::Statement trim_;
  sqlite::Statement trim_flagged_;
};

}  // namespace liveops::adapters::store_sqlite::fairness
