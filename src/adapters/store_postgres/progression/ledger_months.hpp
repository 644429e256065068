#pragma once

#include <chrono>
#include <mutex>
#include <set>
#include <string>

#include "adapters/postgres/pool.hpp"
#include "core/time.hpp"

namespace liveops::adapters::store_postgres::progression {

/// Makes the ledger's partitions: one for each month (UTC) in which events are applied, and the next month's ahead of
/// its time. A partition is the table progression.ledger_YYYY_MM; old ones may be detached and dropped by whoever
/// wants.
///
/// Threads: any. Replicas may do the same at the same time.
class LedgerMonths {
 public:
  explicit LedgerMonths(postgres::Pool& pool) : pool_(pool) {}

  /// Sees to it that the ledger has room for events applied `now`; asks the database once a month.
  /// Errors: as postgres::Pool::transaction.
  [[nodiscard]] ports::Task<void> prepare(core::Timestamp now);
  /// A batch failed: perhaps a partition is gone, so look again next time.
  void forget();

 private:
  postgres::Pool& pool_;
  std::mutex mutex_;
  std::set<std::chrono::year_month> there_;
};

/// A month's partition: its table's name without the schema, and its bounds in microseconds since 1970.
struct LedgerPartition {
  std::string table;
  std::int64_t from_us = 0;
  std::int64_t to_us = 0;
};
[[nodiscard]] LedgerPartition ledger_partition(std::chrono::year_month month);

}  // namespace liveops::adapters::store_postgres::progression
