#pragma once

#include <array>

#include "core/event.hpp"
#include "fairness/population.hpp"
#include "fairness/samples.hpp"

namespace liveops::fairness {

/// Notices when everybody rises at once: a double-XP hour, a patch, the backlog of an outage.
///
/// Of honest scores 21 % lie above 0.8. Where that is true of far more of the latest samples it is the game that
/// changed. Threads: one at a time.
class StormWatch {
 public:
  static constexpr float kHigh = 0.8F;
  /// Whether `high` of `all` scores above kHigh are more than chance and a few cheats make.
  [[nodiscard]] static bool is_rise(float high, float all);

  void add(const Sample& sample);
  /// Ten seconds have passed: sets the storm marks of `population`. True: one of them changed.
  bool turn(Population& population);
  /// A storm of awards began in the last turn.
  [[nodiscard]] bool began() const { return began_; }

 private:
  struct Count {
    float high = 0;
    float all = 0;

    void add(float score);
    void fade();
    [[nodiscard]] bool storm(bool was) const;
  };

  std::array<std::array<Count, kLanes>, kKinds> awards_{};
  std::array<Count, core::kEventTypes> tempo_{};
  bool began_ = false;
};

}  // namespace liveops::fairness
