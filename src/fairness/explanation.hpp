#pragma once

#include <string>
#include <string_view>

#include "fairness/decision.hpp"

namespace liveops::fairness {

/// A finding in words, for operators: what was seen, what was to be expected, how it compares.
[[nodiscard]] std::string explain(const Finding& finding);

/// Evidence in words: "expected once in 12.3 million events".
[[nodiscard]] std::string once_in(double events);

/// What a player may be told: it names no rule and no limit.
[[nodiscard]] std::string_view player_safe_reason(Detector detector);

/// "flag", "throttle" or "block": what the finding asks for.
[[nodiscard]] std::string_view action_name(const Finding& finding);

}  // namespace liveops::fairness
