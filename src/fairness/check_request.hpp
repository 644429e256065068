#pragma once

#include <expected>
#include <string_view>
#include <vector>

#include "core/event.hpp"
#include "core/event_parser.hpp"
#include "core/time.hpp"

namespace liveops::fairness {

inline constexpr std::size_t kMaxChecks = 1000;  // events of one batch

/// Reads the body of POST /check: an event as the gateway takes it, and optionally its `event_id`. Without one the
/// event is known by its body: the same bytes are the same event. Errors: every fault, with its pointer.
[[nodiscard]] std::expected<core::Event, core::Faults> read_check(std::string_view body, core::Timestamp received_at);

/// Reads the body of POST /check/batch: a JSON array of 1 to 1000 of the same. Errors: every fault of every item.
[[nodiscard]] std::expected<std::vector<core::Event>, core::Faults> read_check_batch(std::string_view body,
                                                                                     core::Timestamp received_at);

}  // namespace liveops::fairness
