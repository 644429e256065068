#pragma once

#include <span>
#include <vector>

#include "core/error.hpp"
#include "core/idempotency_table.hpp"
#include "ports/idempotency_store.hpp"

/// What idempotency stores that answer from a table in memory share: the entries of one call, each slot asked for
/// ahead.
namespace liveops::runtime {

/// One state per entry, in order. Errors: `unavailable` (no room); then nothing of the call is reserved.
[[nodiscard]] core::Result<std::vector<ports::IdempotencyState>> reserve_keys(
    core::IdempotencyTable& table, std::span<const ports::IdempotencyStore::Entry> entries, core::Timestamp now);

void complete_keys(core::IdempotencyTable& table, std::span<const ports::IdempotencyStore::Entry> entries,
                   core::Timestamp now);

}  // namespace liveops::runtime
