#include "gateway/gateway.hpp"

namespace liveops::gateway {

Gateway::Gateway(const Settings& settings, ports::IdempotencyStore& keys, ports::FairnessCheck& fairness,
                 ports::EventBus& bus, const core::Clock& clock, ports::Metrics& metrics, ports::Log& log)
    : settings_(settings),
      counters_(metrics),
      limiter_(settings_.rate),
      fairness_(fairness, settings_.fairness, counters_, log),
      admission_(keys, fairness_, bus, counters_, log),
      events_(settings_, limiter_, admission_, counters_, clock),
      batches_(settings_, limiter_, admission_, counters_, clock) {}

}  // namespace liveops::gateway
