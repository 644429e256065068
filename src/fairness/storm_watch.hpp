#pragma once

#include <array>

#include "core/event.hpp"
#include "fairness/population.hpp"
#include "fairness/samples.hpp"
#include "fairness/storm_alarm.hpp"

namespace liveops::fairness {

/// Notices when everybody rises or falls at once: a double-XP hour and its end, a patch, the backlog of an outage.
///
/// Scores of honest players, clipped to +-1, are 0 on average. Where those of the last minutes' samples are not, or the
/// alarm was raised, it is the game that changed. For each kind of award it is over when its own scores are as usual
/// again, by what is usual then: the game is as before, or its new ways are known. Threads: one at a time.
class StormWatch {
 public:
  static constexpr float kHigh = 0.8F;  // of honest scores 21 % are higher
  /// Whether `high` of `all` scores above kHigh are more than chance and a few cheats make.
  [[nodiscard]] static bool is_rise(float high, float all);

  void add(const Sample& sample);
  /// Ten seconds have passed: sets the storm marks of `population`. True: one of them changed.
  bool turn(Population& population, Alarm alarm);
  /// A storm of awards began in the last turn, after a calm.
  [[nodiscard]] bool began() const { return began_; }

 private:
  struct Count {
    float sum = 0;  // of clipped scores
    float all = 0;

    void add(float score);
    void fade(float factor);
    [[nodiscard]] float mean() const { return all > 0 ? sum / all : 0; }
  };

  [[nodiscard]] static bool moves(const Count& lately);
  /// Whether a storm goes on, or begins when `rises`, by the latest scores since it began.
  [[nodiscard]] static bool goes_on(bool was, bool rises, Count& since);

  std::array<Count, kLanes + 1> lately_{};  // of each lane, and of tempo
  std::array<std::array<Count, kLanes>, kKinds> awards_{};
  std::array<Count, core::kEventTypes> tempo_{};
  bool began_ = false;
};

}  // namespace liveops::fairness
