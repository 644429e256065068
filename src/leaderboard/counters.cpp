#include "leaderboard/counters.hpp"

namespace liveops::leaderboard {

namespace {

ports::Counter& events(ports::Metrics& metrics, const char* outcome) {
  return metrics.counter("liveops_leaderboard_events_total", "Events taken from the bus", {{"outcome", outcome}});
}

ports::Counter& late(ports::Metrics& metrics, const char* outcome) {
  return metrics.counter("liveops_leaderboard_late_contributions_total",
                         "Contributions whose period took no more events", {{"outcome", outcome}});
}

ports::Counter& pages(ports::Metrics& metrics, const char* outcome) {
  return metrics.counter("liveops_leaderboard_page_cache_reads_total", "Reads of rendered top pages",
                         {{"outcome", outcome}});
}

}  // namespace

Counters::Counters(ports::Metrics& metrics)
    : applied(events(metrics, "applied")),
      duplicates(events(metrics, "duplicate")),
      ignored(events(metrics, "no_board")),
      undecodable(events(metrics, "undecodable")),
      late_dropped(late(metrics, "dropped")),
      late_moved(late(metrics, "moved")),
      clamped(metrics.counter("liveops_leaderboard_scores_clamped_total", "Scores cut to a board's max_score", {})),
      on_duty(metrics.gauge("liveops_leaderboard_on_duty", "1 in the replica that seals and takes snapshots", {})),
      sealed(metrics.counter("liveops_leaderboard_periods_sealed_total", "Periods sealed", {})),
      revisions(metrics.counter("liveops_leaderboard_revisions_total", "Sealed periods written down anew", {})),
      snapshots(metrics.counter("liveops_leaderboard_snapshots_total", "Snapshots of open periods", {})),
      last_snapshot(metrics.gauge("liveops_leaderboard_snapshot_last_success_timestamp_seconds",
                                  "When snapshots of open periods were last taken", {})),
      reloads(metrics.counter("liveops_leaderboard_index_reloads_total",
                              "Loads of the rank index because it was lost or an earlier load failed", {})),
      hidden(metrics.gauge("liveops_leaderboard_hidden_players", "Blocked and disqualified players left out of ranks",
                           {})),
      page_hits(pages(metrics, "hit")),
      page_misses(pages(metrics, "miss")),
      forgotten_events(metrics.counter("liveops_leaderboard_inbox_forgotten_total",
                                       "Event ids past their retention that were forgotten", {})),
      purged(metrics.counter("liveops_leaderboard_standings_purged_total", "Rows of sealed periods removed", {})) {}

}  // namespace liveops::leaderboard
