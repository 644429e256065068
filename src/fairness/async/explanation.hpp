#pragma once

#include <string>

#include "fairness/async/finding.hpp"

namespace liveops::fairness::async {

/// A finding in words, for operators: what was seen, what was to be expected, how often chance does that.
[[nodiscard]] std::string in_words(const Finding& finding);

}  // namespace liveops::fairness::async
