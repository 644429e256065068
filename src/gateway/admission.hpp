#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <vector>

#include "core/event.hpp"
#include "core/time.hpp"
#include "gateway/counters.hpp"
#include "gateway/decision.hpp"
#include "gateway/fairness_gate.hpp"
#include "ports/event_bus.hpp"
#include "ports/idempotency_store.hpp"
#include "ports/log.hpp"

namespace liveops::gateway {

/// Takes validated events in: idempotency -> fairness -> publish -> remember. One call each to the store, to fairness
/// and to the bus, for any number of events.
///
/// Order: publish, then complete. A crash between the two leaves a key free whose event is on the bus; a retry
/// publishes it again under the same event id, which consumers recognise. An event that is not accepted frees its key,
/// also when the request fails or is cancelled on the way.
/// Threads: any.
class Admission {
 public:
  Admission(ports::IdempotencyStore& keys, FairnessGate& fairness, ports::EventBus& bus, Counters& counters,
            ports::Log& log);

  /// One decision per event, in order. Requires: events carry their ids. An id that comes twice is one event: the
  /// second is a duplicate of the first, or `key_reused` when they differ.
  [[nodiscard]] boost::asio::awaitable<std::vector<Decision>> admit(std::vector<core::Event> events,
                                                                    core::Timestamp now);

 private:
  void note(std::atomic<bool>& works, const core::Error* error, std::string_view what);

  ports::IdempotencyStore& keys_;
  FairnessGate& fairness_;
  ports::EventBus& bus_;
  Counters& counters_;
  ports::Log& log_;
  std::atomic<bool> bus_works_{true};  // the log tells of changes, not of every event
  std::atomic<bool> keys_work_{true};
};

}  // namespace liveops::gateway
