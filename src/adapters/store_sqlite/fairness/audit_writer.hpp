#pragma once

#include <string_view>

#include "adapters/sqlite/database.hpp"
#include "core/error.hpp"
#include "ports/audit_chain.hpp"

namespace liveops::adapters::store_sqlite::fairness {

/// Adds lines to the audit, each chained to the one before it, and moves the signed head along.
///
/// Threads: the database's.
class AuditWriter {
 public:
  AuditWriter(sqlite::Database& database, std::string_view secret);

  /// Within the caller's transaction. Errors: as sqlite::map_error.
  [[nodiscard]] core::Status append(const ports::AuditEntry& entry);

  /// Where there is no chain yet: begins one with the lines that are there, and one that says so, in a transaction.
  /// Else nothing happens.
  /// Errors: as sqlite::map_error.
  [[nodiscard]] core::Status adopt();

 private:
  [[nodiscard]] core::Result<ports::AuditHead> head();
  [[nodiscard]] core::Status move_head(const ports::AuditHead& head);

  sqlite::Database& database_;
  ports::AuditSigner signer_;
  sqlite::Statement head_;
  sqlite::Statement move_head_;
  sqlite::Statement insert_;
};

}  // namespace liveops::adapters::store_sqlite::fairness
