#pragma once

#include <chrono>
#include <expected>
#include <string>
#include <string_view>

#include "core/event_parser.hpp"
#include "fairness/review_desk.hpp"

namespace liveops::fairness {

/// Who takes a case, and for how long.
struct ReviewClaim {
  std::string worker;
  std::chrono::seconds lease{900};
};

/// Reads {worker, lease_s?}: `worker` is a name of 1-64 of [A-Za-z0-9._:-], `lease_s` 1 s to a day. Every fault is
/// named.
[[nodiscard]] std::expected<ReviewClaim, core::Faults> read_review_claim(std::string_view body);

/// Reads {worker, outcome: "uphold" or "overturn", reason: 1 to 500 bytes}. Every fault is named.
[[nodiscard]] std::expected<ReviewVerdict, core::Faults> read_review_verdict(std::string_view body);

}  // namespace liveops::fairness
