#include "fairness/async/kind_levels.hpp"

#include <algorithm>

namespace liveops::fairness::async {

float KindLevels::above_level(const Award& award) {
  Kind& kind = kinds_[award.kind % kPlaces];
  if (kind.events < kLearned) {
    constexpr float kFar = 3;  // e^3 = 20 times the usual
    ++kind.events;
    const float step = award.log_amount - kind.level;
    kind.level += (kind.events == 1 ? step : std::clamp(step, -kFar, kFar) / static_cast<float>(kind.events));
  }
  return award.log_amount - kind.level;
}

}  // namespace liveops::fairness::async
