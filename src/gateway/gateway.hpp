#pragma once

#include "core/time.hpp"
#include "gateway/admission.hpp"
#include "gateway/batch_pipeline.hpp"
#include "gateway/counters.hpp"
#include "gateway/event_pipeline.hpp"
#include "gateway/fairness_gate.hpp"
#include "gateway/rate_limiter.hpp"
#include "gateway/settings.hpp"
#include "ports/event_bus.hpp"
#include "ports/fairness_check.hpp"
#include "ports/idempotency_store.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"

namespace liveops::gateway {

/// The gateway service, put together: signed game events in, durable events on the bus out.
///
/// Threads: any. Requires: what is handed in outlives it; executors of callers have stopped before it is destroyed.
class Gateway {
 public:
  Gateway(const Settings& settings, ports::IdempotencyStore& keys, ports::FairnessCheck& fairness, ports::EventBus& bus,
          const core::Clock& clock, ports::Metrics& metrics, ports::Log& log);

  [[nodiscard]] EventPipeline& events() { return events_; }
  [[nodiscard]] BatchPipeline& batches() { return batches_; }
  [[nodiscard]] const Settings& settings() const { return settings_; }

 private:
  Settings settings_;
  Counters counters_;
  RateLimiter limiter_;
  FairnessGate fairness_;
  Admission admission_;
  EventPipeline events_;
  BatchPipeline batches_;
};

}  // namespace liveops::gateway
