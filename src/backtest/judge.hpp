#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "backtest/level.hpp"
#include "core/event.hpp"

namespace liveops::backtest {

/// One event to be judged. `player` counts the players up from 0, so that nobody has to look up their ids again.
struct Item {
  const core::Event* event = nullptr;
  std::uint32_t player = 0;
};

/// Something a judge does about a player.
struct Action {
  Level level = Level::flag;
  std::string_view rule;  // lives as long as the program
  double evidence = 0;
  std::uint32_t player = 0;
  core::EventId event_id;
  core::Timestamp at;
};

/// What became of one event.
struct Judgement {
  bool refused = false;         // answered 429 or 403
  bool ranked = true;           // false: refused, or recorded without a place in the ranks
  std::vector<Action> actions;  // also about other players: the slower tier speaks when it is ready
};

/// Judges a stream of events in time order.
///
/// Threads: one.
class Judge {
 public:
  virtual ~Judge() = default;
  /// Fills `judgement`, which comes empty.
  virtual void judge(const Item& item, Judgement& judgement) = 0;
  /// The last event has come: what is still found out now.
  virtual void end(Judgement&) {}
};

}  // namespace liveops::backtest
