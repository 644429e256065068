#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/event.hpp"
#include "core/verdict.hpp"

namespace liveops::adapters::fairness_http {

inline constexpr std::size_t kMaxEvents = 1000;  // of one POST /check/batch; they stay far below its 1 MiB

/// Appends what fairness judges of an event, as JSON: id, type, player, ids and amounts; not its time.
void append_event(std::string& body, const core::Event& event);

/// Reads the answer to `expected` events. Errors: `corrupt` (no JSON, another number of verdicts, an unknown action).
[[nodiscard]] core::Result<std::vector<core::Verdict>> read_verdicts(std::string_view body, std::size_t expected);

}  // namespace liveops::adapters::fairness_http
