#pragma once

#include "adapters/store_postgres/progression/progression_database.hpp"
#include "ports/progress_store.hpp"

namespace liveops::adapters::store_postgres::progression {

/// ports::ProgressStore in the schema `progression`. Threads: any. The database outlives it.
class ProgressStore final : public ports::ProgressStore {
 public:
  explicit ProgressStore(ProgressionDatabase& database) : database_(database) {}

  ports::Task<ports::ApplyOutcome> apply(std::vector<ports::LedgerEntry> entries, ports::RewardThresholds thresholds,
                                         core::Timestamp now) override;
  ports::Task<ports::Progress> progress_of(core::PlayerId player) override;
  ports::Task<std::vector<ports::InventoryItem>> inventory_of(core::PlayerId player) override;
  ports::Task<std::size_t> forget_events(core::Timestamp applied_before, std::size_t limit) override;

 private:
  ProgressionDatabase& database_;
};

}  // namespace liveops::adapters::store_postgres::progression
