#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "ports/metrics.hpp"

namespace liveops::gateway {

/// How one event that reached a handler was answered.
enum class EventResult : std::uint8_t {
  accepted,      // 202, published now
  duplicate,     // 202, was accepted before
  rejected,      // 400, 413, 415, 422: sending it again unchanged cannot help
  retry,         // 409 (still running), 503, 500: send it again
  rate_limited,  // 429: the key's token bucket
  throttled,     // 429: fairness
  blocked        // 403: fairness
};
inline constexpr std::size_t kEventResults = 7;
[[nodiscard]] std::string_view to_string(EventResult result);

/// The gateway's instruments. Threads: any.
///
/// The books: `liveops_events_received_total` equals the sum of `liveops_events_total{result}` over all results,
/// whenever no request is in flight. An event counts once per attempt to send it. What the router refuses before a
/// handler runs (401, 404, 413 by size, 415 by media type) is in the HTTP metrics, not here. A body that cannot be
/// split into events counts as one.
class Counters {
 public:
  explicit Counters(ports::Metrics& metrics);

  ports::Counter& received;
  std::array<ports::Counter*, kEventResults> results{};
  ports::Histogram& batch_events;
  ports::Counter& passed_unchecked;      // fairness did not answer in time, fail open
  ports::Counter& refused_unchecked;     // the same, fail closed
  ports::Counter& idempotency_failures;  // of `complete`: the event is published, a retry is known only downstream
};

/// The account of one request: `received` goes up at once, the results when it ends. What was not accounted for by then
/// (a failure on the way, a cancelled request) counts as `retry`, so that the books always balance.
class Tally {
 public:
  explicit Tally(Counters& counters) : counters_(counters) {}
  ~Tally();
  Tally(const Tally&) = delete;
  Tally& operator=(const Tally&) = delete;

  void receive(std::uint64_t events);
  void count(EventResult result, std::uint64_t events = 1) { counts_[static_cast<std::size_t>(result)] += events; }
  [[nodiscard]] std::uint64_t of(EventResult result) const { return counts_[static_cast<std::size_t>(result)]; }

 private:
  Counters& counters_;
  std::uint64_t received_ = 0;
  std::array<std::uint64_t, kEventResults> counts_{};
};

}  // namespace liveops::gateway
