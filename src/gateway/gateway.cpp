#include "gateway/gateway.hpp"

#include <utility>

namespace liveops::gateway {

Gateway::Gateway(Settings settings, ports::IdempotencyStore& keys, ports::FairnessCheck& fairness, ports::EventBus& bus,
                 const core::Clock& clock, ports::Metrics& metrics, ports::Log& log)
    : settings_(std::move(settings)),
      counters_(metrics),
      limiter_(settings_.rate),
      fairness_(fairness, settings_.fairness, counters_, log),
      admission_(keys, fairness_, bus, counters_, log),
      events_(settings_, limiter_, admission_, counters_, clock),
      batches_(settings_, limiter_, admission_, counters_, clock) {}

}  // namespace liveops::gateway
