#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "adapters/sqlite/database.hpp"
#include "adapters/store_sqlite/progression/player_reader.hpp"
#include "adapters/store_sqlite/progression/player_writer.hpp"
#include "ports/progress_store.hpp"

namespace liveops::adapters::store_sqlite::progression {

/// Applies batches of events, each in one transaction.
///
/// Every table is touched in the order of its key: inserts into sorted trees stay near each other.
/// Threads: the database's.
class BatchWriter {
 public:
  explicit BatchWriter(sqlite::Database& database);

  /// As ports::ProgressStore::apply.
  [[nodiscard]] core::Result<ports::ApplyOutcome> apply(const std::vector<ports::LedgerEntry>& entries,
                                                        const std::vector<ports::RewardThreshold>& thresholds,
                                                        core::Timestamp now);

  /// As ports::ProgressStore::forget_events.
  [[nodiscard]] core::Result<std::size_t> forget_events(core::Timestamp applied_before, std::size_t limit);

 private:
  struct Batch;

  [[nodiscard]] core::Status write(Batch& batch, const std::vector<ports::RewardThreshold>& thresholds);
  [[nodiscard]] core::Status find_fresh(Batch& batch);
  [[nodiscard]] core::Status load_players(Batch& batch);
  [[nodiscard]] core::Status grant_drops(Batch& batch);
  [[nodiscard]] core::Status write_ledger(const Batch& batch);
  [[nodiscard]] core::Status write_sums(Batch& batch, const std::vector<ports::RewardThreshold>& thresholds);
  [[nodiscard]] core::Status write_items(Batch& batch);
  [[nodiscard]] core::Result<std::int64_t> forget_rows(std::int64_t swept_to, core::Timestamp applied_before,
                                                       std::size_t limit, std::size_t& forgotten);

  sqlite::Database& database_;
  PlayerReader reader_;
  PlayerWriter players_;
  sqlite::Statement insert_inbox_;
  sqlite::Statement insert_ledger_;
  sqlite::Statement insert_drop_;
  sqlite::Statement put_season_;
  sqlite::Statement put_boss_;
  sqlite::Statement insert_earned_;
  sqlite::Statement swept_to_;
  sqlite::Statement set_swept_to_;
  sqlite::Statement old_ledger_;
  sqlite::Statement delete_inbox_;
};

}  // namespace liveops::adapters::store_sqlite::progression
