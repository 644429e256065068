#pragma once

#include <cstdint>

#include "core/event.hpp"
#include "simulation/world.hpp"

namespace liveops::simulation {

/// One event of the stream, with what nobody but the simulation knows of it.
struct SimulatedEvent {
  Seconds at = 0;            // when it is sent: its occurred_at; never before the event that came before it
  std::uint64_t number = 0;  // the same for a retry, else unique; ascending
  std::uint32_t player = 0;  // index in Stream::players
  std::uint32_t seq = 0;     // the player's own counter
  core::EventType type = core::EventType::progression;
  std::uint8_t boss = 0;  // index in Parameters::bosses
  std::uint8_t item = 0;
  bool retry = false;         // of the event just before
  std::int64_t xp = 0;        // progression, boss_kill
  std::int64_t score = 0;     // progression, boss_kill
  std::int64_t quantity = 0;  // drop_claimed
  std::int64_t duration_ms = 0;

  bool illicit = false;
  double illicit_score = 0;  // how much of the score honest play would not have brought
};

}  // namespace liveops::simulation
