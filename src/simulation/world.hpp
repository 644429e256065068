#pragma once

#include "simulation/parameters.hpp"

namespace liveops::simulation {

/// Seconds since the start of the simulation.
using Seconds = double;
inline constexpr Seconds kDay = 86'400;
inline constexpr Seconds kHour = 3'600;

/// What happens to everybody at the same time.
///
/// Threads: any (const).
class World {
 public:
  explicit World(const Parameters& parameters);

  /// Times everybody's awards: double-XP day, patch.
  [[nodiscard]] double award_factor(Seconds at, bool boss) const;
  /// Times everybody's intervals: patch.
  [[nodiscard]] double tempo_factor(Seconds at) const;
  /// When what is sent `at` gets out: later during an outage. `place` (0..1) is the sender's in the queue afterwards.
  [[nodiscard]] Seconds gets_out(Seconds at, double place) const;

 private:
  Seconds outage_from_;
  Seconds outage_to_;
  Seconds backlog_;
  Seconds double_from_;
  Seconds patched_from_;
  double patch_tempo_;
  double patch_award_;
};

}  // namespace liveops::simulation
