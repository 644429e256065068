#pragma once

#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "ports/idempotency_store.hpp"
#include "ports/task.hpp"

namespace liveops::ports {

/// The disk side of an idempotency store that does not write in `complete`, so that a request waits for one commit, the
/// bus's, and not for a second one.
///
/// What a crash took from the store, the bus still holds: a consumer group of the gateway acks an event only when its
/// key is on disk.
/// Threads: any.
class KeyJournal {
 public:
  struct Record {
    IdempotencyStore::Entry entry;
    core::Timestamp at;  // when it was completed
  };

  virtual ~KeyJournal() = default;

  /// Whether each of these is completed, in order: on disk, or there after the next `keep`.
  [[nodiscard]] virtual Task<std::vector<bool>> holds(std::vector<core::EventId> ids) = 0;

  /// Completes these. When it returns, they and all that was completed before are on disk. `records` may be empty.
  /// Errors: `unavailable`; nothing is lost, and the next call writes it.
  [[nodiscard]] virtual Task<void> keep(std::vector<Record> records) = 0;
};

}  // namespace liveops::ports
