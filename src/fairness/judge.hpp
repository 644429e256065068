#pragma once

#include "core/time.hpp"
#include "fairness/catalogue.hpp"
#include "fairness/decision.hpp"
#include "fairness/observation.hpp"
#include "fairness/player_state.hpp"
#include "fairness/population.hpp"
#include "fairness/samples.hpp"
#include "fairness/storm_alarm.hpp"
#include "fairness/terms.hpp"

namespace liveops::fairness {

/// All that a judgement rests on, besides the player's state.
struct Grounds {
  const Terms& terms;
  const Population& population;
  Limits limits = kNoLimits;
  bool may_block = true;          // false: too many blocks lately; they become throttles
  Alarm alarm = 0;                // of the storm alarm
  SampleRing* samples = nullptr;  // where the population learns from; null: nowhere
  StormAlarm* storms = nullptr;   // beside them
};

/// Judges one event of `player` and takes it into his state. Pure: the same in gives the same out, bit for bit.
///
/// Order: a retry of a counted event gets its verdict again and is never evidence -> catalogue, counter, clock ->
/// throttle in force -> rate limits -> evidence of tempo, awards, velocity, timing -> what follows from all of it. An
/// event refused for its rate or a throttle was not counted, so its retry is judged anew.
[[nodiscard]] Decision judge(const Grounds& grounds, PlayerState& player, const Observation& event,
                             core::Timestamp now);

}  // namespace liveops::fairness
