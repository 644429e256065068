#pragma once

#include <cstdint>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "simulation/cheat.hpp"
#include "simulation/event.hpp"
#include "simulation/parameters.hpp"
#include "simulation/player.hpp"
#include "simulation/random.hpp"
#include "simulation/sessions.hpp"
#include "simulation/world.hpp"

namespace liveops::simulation {

/// The events of a whole population in time order, one at a time. The same parameters and options: the same events.
///
/// Threads: one. Complexity: O(log players) an event. Memory: one state a player.
class Stream {
 public:
  Stream(const Parameters& parameters, const PopulationOptions& options);
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// The next event; nullopt when the window is over.
  [[nodiscard]] std::optional<SimulatedEvent> next();

  [[nodiscard]] const std::vector<Player>& players() const { return players_; }
  /// Rounds that a player has begun since the start.
  [[nodiscard]] std::uint32_t rounds(std::uint32_t player) const { return playing_[player].rounds; }

 private:
  /// What changes of a player in the course of play.
  struct Playing {
    Random random;
    Random jitter;  // of what a group's script does not control
    Cheat cheat;
    Seconds clock = 0;  // of the game
    Seconds session_end = -1;
    Seconds round_end = 0;
    Seconds stalled_until = 0;
    Seconds next_stall = 0;
    Seconds clock_error = 0;
    Seconds clock_error_until = 0;
    Seconds sent = 0;  // the last event
    double noise = 0;  // of the logarithm of intervals
    double rounds_before = 0;
    std::uint32_t rounds = 0;
    std::uint32_t seq = 0;
    std::int32_t won_on = -1;  // day of the last award
    bool idle = false;
    bool first_session = true;
    bool in_group = false;
  };
  using Next = std::pair<Seconds, std::uint32_t>;

  [[nodiscard]] Playing start_playing(std::uint32_t player) const;
  /// Moves the player on to their next event; false when they have played their last.
  [[nodiscard]] bool advance(std::uint32_t player);
  [[nodiscard]] bool begin_session(const Player& player, Playing& playing);
  void begin_round(Playing& playing) const;
  [[nodiscard]] Seconds interval_by_hand(const Player& player, Playing& playing) const;
  /// When the event of the game's time `clock` gets out.
  [[nodiscard]] Seconds sent_at(const Player& player, Playing& playing) const;

  [[nodiscard]] SimulatedEvent make_event(std::uint32_t number);
  void draw_award(const Player& player, Playing& playing, SimulatedEvent& event) const;
  void draw_idle_award(SimulatedEvent& event) const;
  [[nodiscard]] double award_level(const Player& player, Playing& playing, bool boss) const;

  Parameters parameters_;
  PopulationOptions options_;
  World world_;
  Sessions sessions_;
  Seconds horizon_;
  std::vector<Player> players_;
  std::vector<Playing> playing_;
  std::priority_queue<Next, std::vector<Next>, std::greater<>> queue_;
  std::optional<SimulatedEvent> again_;  // a retry that follows at once
  std::uint64_t made_ = 0;
};

}  // namespace liveops::simulation
