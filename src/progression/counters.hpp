#pragma once

#include "ports/metrics.hpp"

namespace liveops::progression {

/// The service's own counts. `liveops_progression_` and:
struct Counters {
  explicit Counters(ports::Metrics& metrics);

  ports::Counter& applied;          // events_total{outcome="applied"}
  ports::Counter& duplicates;       // events_total{outcome="duplicate"}
  ports::Counter& undecodable;      // events_total{outcome="undecodable"}
  ports::Counter& drops_refused;    // drops_refused_total: claims of a drop that was granted before
  ports::Counter& saturated;        // sums_saturated_total: additions that stopped at 2^53
  ports::Counter& rewards_earned;   // rewards_earned_total
  ports::Counter& claims_granted;   // reward_claims_total{outcome="granted"}
  ports::Counter& claims_repeated;  // reward_claims_total{outcome="repeated"}
  ports::Counter& claims_refused;   // reward_claims_total{outcome="refused"}
  ports::Counter& redeemed;         // receipts_redeemed_total{outcome="redeemed"}
  ports::Counter& redeemed_before;  // receipts_redeemed_total{outcome="repeated"}
  ports::Counter& redeem_refused;   // receipts_redeemed_total{outcome="revoked"}
  ports::Counter& revoked;          // receipts_judged_total{outcome="revoked"}: their player was disqualified
  ports::Counter& restored;         // receipts_judged_total{outcome="restored"}
  ports::Counter& cache_hits;       // cache_reads_total{outcome="hit"}
  ports::Counter& cache_misses;     // cache_reads_total{outcome="miss"}
  ports::Counter& cache_errors;     // cache_errors_total
  ports::Counter& forgotten;        // inbox_forgotten_total: event ids past their retention
};

}  // namespace liveops::progression
