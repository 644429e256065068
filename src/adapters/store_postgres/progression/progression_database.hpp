#pragma once

#include <memory>
#include <string>

#include "adapters/postgres/pool.hpp"
#include "adapters/store_postgres/progression/known_players.hpp"
#include "adapters/store_postgres/progression/ledger_months.hpp"
#include "ports/health.hpp"

namespace liveops::adapters::store_postgres::progression {

/// The schema `progression` of one PostgreSQL database; any number of processes may have it open.
///
/// Threads: any. The pool outlives it.
class ProgressionDatabase final : public ports::HealthCheck {
 public:
  /// Brings the schema up to date. Errors: as postgres::migrate.
  [[nodiscard]] static ports::Task<std::unique_ptr<ProgressionDatabase>> open(postgres::Pool& pool);

  [[nodiscard]] postgres::Pool& pool() { return pool_; }
  [[nodiscard]] LedgerMonths& ledger_months() { return ledger_months_; }
  [[nodiscard]] KnownPlayers& known_players() { return known_players_; }

  [[nodiscard]] std::string name() const override;
  /// Does the database answer?
  [[nodiscard]] ports::Task<void> check() override;

 private:
  explicit ProgressionDatabase(postgres::Pool& pool) : pool_(pool), ledger_months_(pool) {}

  postgres::Pool& pool_;
  LedgerMonths ledger_months_;
  KnownPlayers known_players_;
};

}  // namespace liveops::adapters::store_postgres::progression
