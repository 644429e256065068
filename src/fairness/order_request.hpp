#pragma once

#include <expected>
#include <string_view>

#include "core/event_parser.hpp"
#include "fairness/moderation.hpp"

namespace liveops::fairness {

/// Reads the body of POST /players/{id}/block and the other orders: {reason, duration_s?, since?}. `reason` is 1 to 500
/// bytes; `duration_s` belongs to a block only, 1 s to 10 years; `since`, RFC 3339, to disqualify and overturn. Unknown
/// members are faults. Sets `reason`, `duration` and `since` of `order`, whose other members are kept.
[[nodiscard]] std::expected<OperatorOrder, core::Faults> read_order(std::string_view body, OperatorOrder order);

}  // namespace liveops::fairness
