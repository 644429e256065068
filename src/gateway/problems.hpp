#pragma once

#include <cstddef>
#include <string_view>

#include "core/http/problem.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "gateway/content_coding.hpp"
#include "gateway/decision.hpp"
#include "gateway/rate_limiter.hpp"

/// The gateway's refusals as RFC 9457 problems.
namespace liveops::gateway {

/// 429, IANA's quota-exceeded. Retry-After is never earlier than the limiter's `wait_seconds`; part of the clients gets
/// a second more, so that those turned away together do not come back together.
[[nodiscard]] core::http::Problem quota_problem(const RateDecision& rate, std::uint64_t events, core::Timestamp now);

/// 400, 413 or 415; `max_bytes` is the limit of the unpacked body.
[[nodiscard]] core::http::Response coding_problem(CodingFault fault, std::size_t max_bytes);

/// 400: no or a malformed idempotency key; `detail` says which header and what is wrong.
[[nodiscard]] core::http::Problem key_problem(std::string detail);

/// The problem of an outcome that is neither accepted nor duplicate: 403, 409, 413, 422, 429 or 503.
[[nodiscard]] core::http::Problem outcome_problem(const Decision& decision, core::Timestamp now);

/// The `code` of a batch item with this outcome, e.g. "key_reused"; empty for accepted and duplicate.
[[nodiscard]] std::string_view code_of(Outcome outcome);

}  // namespace liveops::gateway
