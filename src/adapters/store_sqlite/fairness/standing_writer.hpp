#pragma once

#include <optional>
#include <vector>

#include "adapters/sqlite/database.hpp"
#include "adapters/store_sqlite/fairness/audit_writer.hpp"
#include "core/error.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::adapters::store_sqlite::fairness {

/// Changes standings, with their audit and their pending changes, in one transaction.
///
/// Threads: the database's.
class StandingWriter {
 public:
  /// `audit` outlives it.
  StandingWriter(sqlite::Database& database, AuditWriter& audit);

  /// As VerdictStore::put.
  [[nodiscard]] core::Result<std::vector<ports::PlayerStanding>> put(
      const std::vector<ports::StandingRequest>& requests);

 private:
  [[nodiscard]] core::Result<ports::PlayerStanding> put_one(const ports::StandingRequest& request);
  [[nodiscard]] core::Result<std::optional<ports::PlayerStanding>> current(const core::PlayerId& player);
  [[nodiscard]] core::Status store(const ports::PlayerStanding& standing);
  [[nodiscard]] core::Status announce(const core::StandingChange& change);
  [[nodiscard]] core::Status prune(core::Timestamp now);

  sqlite::Database& database_;
  AuditWriter& audit_;
  sqlite::Statement select_;
  sqlite::Statement upsert_;
  sqlite::Statement insert_outbox_;
  sqlite::Statement prune_;
};

}  // namespace liveops::adapters::store_sqlite::fairness
