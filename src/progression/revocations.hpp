#pragma once

#include <vector>

#include "core/time.hpp"
#include "ports/event_bus.hpp"
#include "ports/reward_store.hpp"
#include "progression/counters.hpp"
#include "runtime/batch_consumer.hpp"

namespace liveops::progression {

/// Revokes receipts of disqualified players, and makes them good again when a player is reinstated.
///
/// Threads: any.
class Revocations {
 public:
  Revocations(ports::RewardStore& store, const core::Clock& clock, Counters& counters)
      : store_(store), clock_(clock), counters_(counters) {}

  /// Takes changes of standing from Topic::verdicts. A BatchConsumer::Handler; awaited on the spot.
  /// Errors: as RewardStore::judge: hand it out again.
  [[nodiscard]] ports::Task<std::vector<runtime::Poison>> handle(const std::vector<ports::Delivery>& deliveries);

 private:
  ports::RewardStore& store_;
  const core::Clock& clock_;
  Counters& counters_;
};

}  // namespace liveops::progression
