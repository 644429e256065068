#pragma once

#include <chrono>

#include "core/time.hpp"
#include "leaderboard/counters.hpp"
#include "ports/standing_store.hpp"
#include "ports/visibility_store.hpp"

namespace liveops::leaderboard {

/// Lets go of what is no longer needed: rows of sealed periods (the snapshot has them), event ids that no retry can
/// bring any more, blocks long over.
///
/// An event may be 7 days old when it is sent and wait on a bus for days; after `retention` its id is forgotten. Small
/// steps keep the writing thread free for events. Threads: one `run` at a time.
class Sweep {
 public:
  Sweep(ports::StandingStore& standings, ports::VisibilityStore& visibility, const core::Clock& clock,
        Counters& counters, std::chrono::days retention)
      : standings_(standings), visibility_(visibility), clock_(clock), counters_(counters), retention_(retention) {}

  /// One small step of each kind. Errors: as the ports; call again later.
  [[nodiscard]] ports::Task<void> run();

 private:
  ports::StandingStore& standings_;
  ports::VisibilityStore& visibility_;
  const core::Clock& clock_;
  Counters& counters_;
  std::chrono::days retention_;
};

}  // namespace liveops::leaderboard
