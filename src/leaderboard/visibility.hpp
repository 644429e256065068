#pragma once

#include <vector>

#include "core/time.hpp"
#include "leaderboard/board_book.hpp"
#include "leaderboard/counters.hpp"
#include "leaderboard/hidden_players.hpp"
#include "leaderboard/index_feed.hpp"
#include "ports/event_bus.hpp"
#include "ports/rank_index.hpp"
#include "ports/standing_store.hpp"
#include "ports/visibility_store.hpp"
#include "runtime/batch_consumer.hpp"

namespace liveops::leaderboard {

/// Hides blocked and disqualified players from every open period at once, and brings them back with their standings
/// when neither holds any more.
///
/// Threads: any.
class Visibility {
 public:
  /// What it works with; all of it outlives the object.
  struct Parts {
    const CurrentBoards& boards;
    ports::VisibilityStore& store;
    ports::StandingStore& standings;
    ports::RankIndex& index;
    IndexFeed& feed;
    HiddenPlayers& hidden;
    const core::Clock& clock;
    Counters& counters;
  };
  explicit Visibility(Parts parts) : parts_(parts) {}

  /// Reads who is hidden; before anything is put into the index. Errors: as VisibilityStore.
  [[nodiscard]] ports::Task<void> load();

  /// Takes changes of standing from Topic::verdicts. A BatchConsumer::Handler; awaited on the spot.
  /// Errors: `unavailable` and the like: hand it out again.
  [[nodiscard]] ports::Task<std::vector<runtime::Poison>> handle(const std::vector<ports::Delivery>& deliveries);

  /// Takes over what other replicas were told: each change of standing reaches one of them. Between that and the next
  /// call, an entry that was under way may show a blocked player again. One call at a time, every second or so.
  /// Errors: try again later.
  [[nodiscard]] ports::Task<void> follow();

  /// Brings back those whose block has ended; to be called now and then. Errors: try again later.
  [[nodiscard]] ports::Task<void> show_expired();

 private:
  [[nodiscard]] bool is_hidden(const core::StandingChange& change) const;
  void hide(const core::StandingChange& change);
  [[nodiscard]] ports::Task<void> take_out(std::vector<core::PlayerId> players);
  /// These are hidden here, but not blocked any more.
  [[nodiscard]] ports::Task<void> bring_back(std::vector<HiddenPlayers::Block> blocks);
  /// Puts the standings of these players back into the index.
  [[nodiscard]] ports::Task<void> restore(std::vector<core::PlayerId> players);

  Parts parts_;
  std::vector<core::PlayerId> not_taken_out_;  // by `follow`, because the index was away
};

}  // namespace liveops::leaderboard
