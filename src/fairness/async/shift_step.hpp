#pragma once

#include <cstddef>
#include <cstdint>

#include "fairness/async/player.hpp"

/// How far a player's latest units of play lie above those before, beyond where he was heading anyway.
namespace liveops::fairness::async {

/// A unit's share of one stream, or several units taken together.
struct Part {
  float sum = 0;
  float n = 0;  // values
  std::size_t units = 0;
  [[nodiscard]] float mean() const { return sum / n; }
};
/// `count` kept units, counted back from the newest after leaving out `skip`.
[[nodiscard]] Part part_of(const StreamState& stream, std::size_t skip, std::size_t count);

/// What one stream's steps are measured by.
struct StepScales {
  float variance = 1;    // of one value within a unit
  float mood = 0;        // variance between units that noise does not explain
  float most_slope = 0;  // the steepest rise, per value, that is nobody's fault
  float sign = 1;        // -1 where less is what cheating brings
};

/// In logarithms.
struct Step {
  float size = 0;
  float error = 0;  // its variance by noise and mood
  std::uint32_t samples = 0;
  std::uint32_t streams = 0;  // that it rests on; 0: unknown
};

/// The step up to the latest `span` units. Units weigh by the inverse of their variance. Where the player rises
/// steadily within what lies before and within what came after (analysis of covariance: one slope, two means), the step
/// counts from where that would have led, with `most_slope` at the most: who learns rises without a step, who cheats
/// steps up.
[[nodiscard]] Step step_of(const StreamState& stream, std::size_t span, const StepScales& scales);

/// How steeply the player rises altogether, per value; false: too little is known.
[[nodiscard]] bool slope_of(const StreamState& stream, const StepScales& scales, float& slope);

}  // namespace liveops::fairness::async
