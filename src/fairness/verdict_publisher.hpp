#pragma once

#include "ports/event_bus.hpp"
#include "ports/log.hpp"
#include "ports/task.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::fairness {

/// Tells the other services who is blocked: publishes what the store has pending until the bus holds it.
///
/// A crash between publishing and noting it means a repeat, which consumers recognise by the envelope's id.
/// Order: per player ascending versions; whoever applies them keeps the highest.
/// Threads: one `flush` at a time.
class VerdictPublisher {
 public:
  VerdictPublisher(ports::VerdictStore& store, ports::EventBus& bus, ports::Log& log)
      : store_(store), bus_(bus), log_(log) {}

  /// Publishes all that is pending. Errors: `unavailable` (the rest stays pending).
  [[nodiscard]] ports::Task<void> flush();

 private:
  ports::VerdictStore& store_;
  ports::EventBus& bus_;
  ports::Log& log_;
};

}  // namespace liveops::fairness
