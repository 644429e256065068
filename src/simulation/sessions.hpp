#pragma once

#include "simulation/parameters.hpp"
#include "simulation/player.hpp"
#include "simulation/random.hpp"
#include "simulation/world.hpp"

namespace liveops::simulation {

struct Session {
  Seconds start = 0;
  Seconds end = 0;
};

/// When players play.
///
/// Threads: any (const).
class Sessions {
 public:
  /// `cafe_seed`: cafes open their evenings at the same time for all their guests.
  Sessions(const Parameters& parameters, std::uint64_t cafe_seed) : parameters_(&parameters), cafe_seed_(cafe_seed) {}

  /// The player's next session after the last one ended at `after`. `first`: the first ever, right after installing.
  /// May be empty, where a script takes over.
  [[nodiscard]] Session next(const Player& player, Random& random, Seconds after, bool first) const;

 private:
  [[nodiscard]] Session by_hand(const Player& player, Random& random, Seconds after, bool first) const;
  [[nodiscard]] Session by_script(const Player& player, Random& random, Seconds after) const;
  [[nodiscard]] Session evening_in_cafe(const Player& player, Random& random, Seconds after) const;
  [[nodiscard]] Seconds length(const Player& player, Random& random) const;

  const Parameters* parameters_;
  std::uint64_t cafe_seed_;
};

/// True for those whom a script plays from their onset on, hours a day.
[[nodiscard]] bool is_script(Kind kind);

}  // namespace liveops::simulation
