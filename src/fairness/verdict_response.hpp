#pragma once

#include "core/http/message.hpp"
#include "core/time.hpp"
#include "core/verdict.hpp"

namespace liveops::fairness {

/// 200 {"action":"allow"}; 429 abnormal-usage-detected with Retry-After; 403 player-blocked, with Retry-After where the
/// block ends by itself. Both problems carry `decision_id` and `until` where there are any.
[[nodiscard]] core::http::Response verdict_response(const core::Verdict& verdict, core::Timestamp now);

}  // namespace liveops::fairness
