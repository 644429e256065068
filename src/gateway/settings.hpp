#pragma once

#include <cstddef>

#include "core/event_parser.hpp"
#include "gateway/fairness_gate.hpp"
#include "gateway/rate_limiter.hpp"

namespace liveops::gateway {

/// What an operator can set.
struct Settings {
  core::EventLimits events;
  RateLimiter::Options rate;
  FairnessGate::Options fairness;
  std::size_t max_batch_bytes = 1024 * 1024;               // as sent
  std::size_t max_unpacked_batch_bytes = 4 * 1024 * 1024;  // of a gzip body
  std::size_t max_batch_events = 1000;                     // the key's burst, if that is smaller
};

}  // namespace liveops::gateway
