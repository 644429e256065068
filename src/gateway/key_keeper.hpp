#pragma once

#include <vector>

#include "ports/event_bus.hpp"
#include "ports/key_journal.hpp"
#include "runtime/batch_consumer.hpp"

namespace liveops::gateway {

/// The gateway's own consumer group: acks an accepted event when its idempotency key is on disk, and makes the keys of
/// those again that a crash took.
///
/// Threads: one at a time. The journal outlives it.
class KeyKeeper {
 public:
  static constexpr std::string_view kGroup = "gateway";

  explicit KeyKeeper(ports::KeyJournal& journal) : journal_(journal) {}

  /// For BatchConsumer. Poison: what no gateway has written. Errors: `unavailable`.
  [[nodiscard]] ports::Task<std::vector<runtime::Poison>> handle(const std::vector<ports::Delivery>& batch);

  /// Handles all that waits in the group; before the first request is taken. Errors: `unavailable`.
  [[nodiscard]] ports::Task<void> catch_up(ports::EventConsumer& consumer);

 private:
  [[nodiscard]] ports::Task<void> finish(ports::EventConsumer& consumer, std::vector<ports::Delivery> batch);

  ports::KeyJournal& journal_;
};

}  // namespace liveops::gateway
