#pragma once

#include <cstdint>

#include "core/verdict.hpp"
#include "gateway/counters.hpp"

namespace liveops::gateway {

/// What became of one validated event.
enum class Outcome : std::uint8_t {
  accepted,     // on the bus, durably
  duplicate,    // was accepted before
  in_progress,  // another request with the same key is still running
  key_reused,   // the key was used for another event
  throttled,    // by fairness, for a while
  blocked,      // by fairness
  too_large,    // the bus can never take it
  unavailable   // a dependency is away: nothing is known to have happened
};

struct Decision {
  Outcome outcome = Outcome::unavailable;
  core::Verdict verdict;  // of throttled and blocked
};

/// Under which result the outcome is counted.
[[nodiscard]] constexpr EventResult result_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::accepted:
      return EventResult::accepted;
    case Outcome::duplicate:
      return EventResult::duplicate;
    case Outcome::key_reused:
    case Outcome::too_large:
      return EventResult::rejected;
    case Outcome::throttled:
      return EventResult::throttled;
    case Outcome::blocked:
      return EventResult::blocked;
    case Outcome::in_progress:
    case Outcome::unavailable:
      return EventResult::retry;
  }
  return EventResult::retry;
}

}  // namespace liveops::gateway
