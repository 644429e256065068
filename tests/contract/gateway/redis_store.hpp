#pragma once

#include <memory>

#include "core/idempotency_table.hpp"
#include "ports/idempotency_store.hpp"

namespace liveops::test {

/// The store on a Redis server that the test program starts, with keys of its own.
///
/// Time passes for the server when a later `now` is given, and it is full while a call is for more than `max_keys`.
[[nodiscard]] std::unique_ptr<ports::IdempotencyStore> make_redis_store(core::IdempotencyTable::Options options);

}  // namespace liveops::test
