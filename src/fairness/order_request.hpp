#pragma once

#include <expected>
#include <string_view>

#include "core/event_parser.hpp"
#include "fairness/moderation.hpp"

namespace liveops::fairness {

/// Reads the body of POST /players/{id}/block, /unblock and /clear: {reason, duration_s?}. `reason` is 1 to 500 bytes;
/// `duration_s` belongs to a block only, 1 s to 10 years. Unknown members are faults. Sets `reason` and `duration` of
/// `order`, whose other members are kept.
[[nodiscard]] std::expected<OperatorOrder, core::Faults> read_order(std::string_view body, OperatorOrder order);

}  // namespace liveops::fairness
