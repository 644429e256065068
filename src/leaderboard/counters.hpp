#pragma once

#include "ports/metrics.hpp"

namespace liveops::leaderboard {

/// The service's own instruments. `liveops_leaderboard_` and:
struct Counters {
  explicit Counters(ports::Metrics& metrics);

  ports::Counter& applied;           // events_total{outcome="applied"}: brought something to a board
  ports::Counter& duplicates;        // events_total{outcome="duplicate"}
  ports::Counter& ignored;           // events_total{outcome="no_board"}: counts nowhere by the rules, or came late
  ports::Counter& undecodable;       // events_total{outcome="undecodable"}
  ports::Counter& late_dropped;      // late_contributions_total{outcome="dropped"}
  ports::Counter& late_moved;        // late_contributions_total{outcome="moved"}: counted in a later period
  ports::Counter& clamped;           // scores_clamped_total
  ports::Gauge& on_duty;             // on_duty: 1 in the process that seals, takes snapshots and clears up
  ports::Counter& sealed;            // periods_sealed_total
  ports::Counter& revisions;         // revisions_total: sealed periods written down anew
  ports::Counter& snapshots;         // snapshots_total: of open periods
  ports::Gauge& last_snapshot;       // snapshot_last_success_timestamp_seconds
  ports::Counter& reloads;           // index_reloads_total: the rank index was lost, or an earlier load had failed
  ports::Gauge& hidden;              // hidden_players
  ports::Counter& page_hits;         // page_cache_reads_total{outcome="hit"}
  ports::Counter& page_misses;       // page_cache_reads_total{outcome="miss"}
  ports::Counter& forgotten_events;  // inbox_forgotten_total
  ports::Counter& purged;            // standings_purged_total
};

}  // namespace liveops::leaderboard
