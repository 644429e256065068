#pragma once

#include <cstddef>
#include <vector>

#include "simulation/event.hpp"
#include "simulation/parameters.hpp"
#include "simulation/player.hpp"
#include "simulation/random.hpp"

namespace liveops::simulation {

/// How one player cheats in the course of play: what their intervals and awards become.
///
/// Threads: one.
class Cheat {
 public:
  Cheat(const Parameters& parameters, const Player& player) : parameters_(&parameters), player_(&player) {}

  /// The interval to the event after the one `at`, given what it would be by hand.
  [[nodiscard]] Seconds interval(Seconds at, Seconds by_hand, Random& random);

  /// Turns an event of honest play into what is sent, and marks it.
  void touch(SimulatedEvent& event, Seconds at, Random& random);

 private:
  struct Recorded {
    Seconds interval;
    SimulatedEvent event;
  };

  [[nodiscard]] Seconds scripted(Random& random) const;
  void flood_or_not(Seconds interval, Random& random);
  void raise(SimulatedEvent& event, double factor);
  void replay(SimulatedEvent& event);

  const Parameters* parameters_;
  const Player* player_;
  std::vector<Recorded> tape_;  // of a replayer
  std::size_t tape_at_ = 0;
  Seconds last_interval_ = 0;
  Seconds flood_left_ = 0;
};

}  // namespace liveops::simulation
