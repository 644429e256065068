#pragma once

#include <vector>

#include "core/idempotency_table.hpp"
#include "ports/idempotency_store.hpp"

namespace liveops::adapters::memory {

/// Idempotency keys in memory: they end with the process. Up to 40 bytes a key; see core::IdempotencyTable for what
/// happens at the bound.
///
/// Never suspends. Threads: any.
class IdempotencyStore final : public ports::IdempotencyStore {
 public:
  explicit IdempotencyStore(core::IdempotencyTable::Options options) : table_(options) {}

  ports::Task<std::vector<ports::IdempotencyState>> begin(std::vector<Entry> entries, core::Timestamp now) override;
  ports::Task<void> complete(std::vector<Entry> entries, core::Timestamp now) override;
  ports::Task<void> abandon(std::vector<core::EventId> ids) override;

 private:
  core::IdempotencyTable table_;
};

}  // namespace liveops::adapters::memory
