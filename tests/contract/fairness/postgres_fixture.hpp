#pragma once

#include <memory>
#include <string>

#include "adapters/postgres/pool.hpp"
#include "adapters/store_postgres/fairness/audit_trail.hpp"
#include "adapters/store_postgres/fairness/verdict_store.hpp"
#include "tests/contract/fairness/verdict_store_contract.hpp"
#include "tests/support/recording_metrics.hpp"

namespace liveops::test {

/// One replica's view of a database: connections of its own.
class FairnessReplica {
 public:
  explicit FairnessReplica(const std::string& database, bool through_pgbouncer = false);
  [[nodiscard]] adapters::store_postgres::fairness::VerdictStore& verdicts() { return *store_; }
  [[nodiscard]] ports::ReviewStore& reviews() { return store_->reviews(); }
  [[nodiscard]] ports::AuditTrail& audit() { return *audit_; }
  [[nodiscard]] adapters::postgres::Pool& pool() { return *pool_; }

 private:
  SilentLog log_;
  RecordingMetrics metrics_;
  std::unique_ptr<adapters::postgres::Pool> pool_;
  std::unique_ptr<adapters::store_postgres::fairness::VerdictStore> store_;
  std::unique_ptr<adapters::store_postgres::fairness::AuditTrail> audit_;
};

/// A database of its own.
[[nodiscard]] std::unique_ptr<VerdictStoreFixture> make_postgres_fixture(bool through_pgbouncer);

}  // namespace liveops::test
