#include "adapters/memory/gateway/idempotency_store.hpp"

#include "runtime/key_reservations.hpp"

namespace liveops::adapters::memory {

ports::Task<std::vector<ports::IdempotencyState>> IdempotencyStore::begin(std::vector<Entry> entries,
                                                                          core::Timestamp now) {
  co_return runtime::reserve_keys(table_, entries, now);
}

ports::Task<void> IdempotencyStore::complete(std::vector<Entry> entries, core::Timestamp now) {
  runtime::complete_keys(table_, entries, now);
  co_return core::Status{};
}

ports::Task<void> IdempotencyStore::abandon(std::vector<core::EventId> ids) {
  for (const auto& id : ids) table_.abandon(id);
  co_return core::Status{};
}

}  // namespace liveops::adapters::memory
