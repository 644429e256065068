#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "simulation/kind.hpp"
#include "simulation/parameters.hpp"
#include "simulation/random.hpp"
#include "simulation/world.hpp"

namespace liveops::simulation {

enum class PlayerClass : std::uint8_t { casual, regular, hardcore };

inline constexpr Seconds kForEver = std::numeric_limits<Seconds>::infinity();
inline constexpr std::uint32_t kNoGroup = ~0U;

/// Who plays, and how they cheat. Nothing here changes in the course of play.
struct Player {
  PlayerClass player_class = PlayerClass::casual;
  Kind kind = Kind::honest;  // the label
  Kind acts = Kind::honest;  // what a sleeper wakes up as; else the kind
  bool idles = false;
  bool skewed = false;
  double skill = 1;
  double tempo = 1;  // factor on intervals
  double zeal = 1;   // factor on the length of sessions
  double evening_hour = 0;
  double queue_place = 0;          // in a backlog, 0..1
  double strength = 1;             // factor of the cheat
  std::uint32_t group = kNoGroup;  // pair, farm or cafe
  Seconds installed_at = 0;        // before the start: negative
  Seconds leaves_at = kForEver;    // for good
  Seconds onset = kForEver;        // of cheating

  [[nodiscard]] bool cheats(Seconds at) const { return at >= onset; }
};

/// How a population is made.
struct PopulationOptions {
  std::uint64_t seed = 1;
  std::uint32_t players = 1000;
  double cheater_share = 0;  // 0..1, of the players
  double days = 10;          // the window
  bool cohort = false;       // everybody installs on the first day
  bool at_once = false;      // everybody is there and plays from the start without a break; cheaters cheat
};

/// The share is exact but for rounding, and every kind gets its part of it. Groups of cheaters are complete.
[[nodiscard]] std::vector<Player> make_players(const Parameters& parameters, const PopulationOptions& options);

/// The random numbers of one player, or of a group: the same for all its members.
[[nodiscard]] Random random_of_player(std::uint64_t seed, std::uint32_t player);
[[nodiscard]] Random random_of_group(std::uint64_t seed, std::uint32_t group);

}  // namespace liveops::simulation
