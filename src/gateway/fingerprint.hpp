#pragma once

#include "core/event.hpp"
#include "ports/idempotency_store.hpp"

namespace liveops::gateway {

/// First bytes of SHA-256 over what the client said: type, player, time (when given), seq, and payload as sent. An
/// event has the same one by itself and in a batch.
[[nodiscard]] ports::IdempotencyStore::Fingerprint fingerprint_of(const core::Event& event);

}  // namespace liveops::gateway
