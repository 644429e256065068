#include "gateway/counters.hpp"

#include <algorithm>
#include <numeric>
#include <string>

namespace liveops::gateway {

std::string_view to_string(EventResult result) {
  switch (result) {
    case EventResult::accepted:
      return "accepted";
    case EventResult::duplicate:
      return "duplicate";
    case EventResult::rejected:
      return "rejected";
    case EventResult::retry:
      return "retry";
    case EventResult::rate_limited:
      return "rate_limited";
    case EventResult::throttled:
      return "throttled";
    case EventResult::blocked:
      return "blocked";
  }
  return "retry";
}

Counters::Counters(ports::Metrics& metrics)
    : received(metrics.counter("liveops_events_received_total", "Events that reached the gateway's handlers", {})),
      batch_events(metrics.histogram("liveops_event_batch_events", "Events per batch request", {},
                                     {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000})),
      passed_unchecked(metrics.counter("liveops_fairness_unanswered_events_total",
                                       "Events for which fairness gave no verdict in time", {{"action", "passed"}})),
      refused_unchecked(metrics.counter("liveops_fairness_unanswered_events_total",
                                        "Events for which fairness gave no verdict in time", {{"action", "refused"}})),
      idempotency_failures(metrics.counter("liveops_idempotency_failures_total",
                                           "Accepted events whose idempotency key could not be kept", {})) {
  for (std::size_t i = 0; i < kEventResults; ++i) {
    const std::string label(to_string(static_cast<EventResult>(i)));
    results[i] = &metrics.counter("liveops_events_total", "Events by how they were answered", {{"result", label}});
  }
}

Tally::~Tally() {
  const auto accounted = std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
  if (received_ > accounted) count(EventResult::retry, received_ - accounted);
  for (std::size_t i = 0; i < kEventResults; ++i) {
    if (counts_[i] > 0) counters_.results[i]->add(static_cast<double>(counts_[i]));
  }
}

void Tally::receive(std::uint64_t events) {
  received_ += events;
  counters_.received.add(static_cast<double>(events));
}

}  // namespace liveops::gateway
