#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/rules.hpp"
#include "core/time.hpp"
#include "simulation/event_text.hpp"
#include "simulation/stream.hpp"

namespace liveops::apps {

/// One event to send, with what it promises to the books once it is accepted.
struct SimulatedEvent {
  std::string idempotency_key;
  std::string json;  // without the idempotency key
  std::uint32_t player = 0;
  std::int64_t xp = 0;
};

/// The simulated population, all of it playing at once, for a server to be fed with: the order and the awards are the
/// simulation's, the times are the sender's. The same seed and options give the same stream but for the times.
///
/// Threads: one.
class Traffic {
 public:
  struct Options {
    std::uint64_t seed = 1;
    std::uint32_t players = 1000;
    double cheater_share = 0;  // 0..1
    std::string run_id;        // part of every player id and key, so that runs do not meet
    simulation::Parameters parameters;
  };

  /// Kills are of the bosses of `rules`, where it has any.
  Traffic(const Options& options, const core::GameRules& rules);

  /// The next event, as of `now`.
  [[nodiscard]] SimulatedEvent next(core::Timestamp now);

  [[nodiscard]] std::string player_id(std::uint32_t player) const { return text_.player_id(player); }

 private:
  simulation::Parameters parameters_;
  simulation::EventText text_;
  simulation::Stream stream_;
};

}  // namespace liveops::apps
