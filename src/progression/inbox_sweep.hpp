#pragma once

#include <chrono>

#include "core/time.hpp"
#include "ports/log.hpp"
#include "ports/progress_store.hpp"
#include "ports/reward_store.hpp"
#include "progression/counters.hpp"

namespace liveops::progression {

/// Lets go of event ids that no retry can bring any more, and of what was heard of players long ago who are not
/// disqualified.
///
/// An event may be 7 days old when it is sent and wait on a bus for days; after `retention` its id is forgotten. Small
/// steps keep the writing thread free for events. Threads: any.
class InboxSweep {
 public:
  static constexpr std::size_t kStep = 2000;  // ids a transaction

  InboxSweep(ports::ProgressStore& store, ports::RewardStore& rewards, const core::Clock& clock, Counters& counters,
             ports::Log& log, std::chrono::days retention);

  /// Forgets all that is due, step by step. A failure is logged and ends the round; the next one goes on from there.
  [[nodiscard]] boost::asio::awaitable<void> sweep();

 private:
  [[nodiscard]] boost::asio::awaitable<void> forget_judged(core::Timestamp before);

  ports::ProgressStore& store_;
  ports::RewardStore& rewards_;
  const core::Clock& clock_;
  Counters& counters_;
  ports::Log& log_;
  std::chrono::days retention_;
};

}  // namespace liveops::progression
