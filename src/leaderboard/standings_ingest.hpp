#pragma once

#include <vector>

#include "core/time.hpp"
#include "leaderboard/board_book.hpp"
#include "leaderboard/counters.hpp"
#include "leaderboard/index_feed.hpp"
#include "ports/event_bus.hpp"
#include "ports/standing_store.hpp"
#include "runtime/batch_consumer.hpp"

namespace liveops::leaderboard {

/// Takes batches of events from the bus: standings first, then the rank index.
///
/// A crash between the two is healed by redelivery: the store reports the standings of events it knows, too.
/// Threads: any.
class StandingsIngest {
 public:
  StandingsIngest(const CurrentBoards& boards, ports::StandingStore& store, IndexFeed& feed, const core::Clock& clock,
                  Counters& counters)
      : boards_(boards), store_(store), feed_(feed), clock_(clock), counters_(counters) {}

  /// Applies the batch; names what cannot be read. A BatchConsumer::Handler; awaited on the spot.
  /// Errors: as StandingStore::apply and RankIndex::put: hand it out again.
  [[nodiscard]] ports::Task<std::vector<runtime::Poison>> handle(const std::vector<ports::Delivery>& deliveries);

 private:
  void count(std::size_t events, const ports::AppliedBatch& applied);

  const CurrentBoards& boards_;
  ports::StandingStore& store_;
  IndexFeed& feed_;
  const core::Clock& clock_;
  Counters& counters_;
};

}  // namespace liveops::leaderboard
