#pragma once

#include "core/error.hpp"
#include "core/http/message.hpp"
#include "core/http/problem.hpp"
#include "leaderboard/leaderboard.hpp"

namespace liveops::leaderboard {

/// The answer to a request that failed; what is the service's own fault is logged.
[[nodiscard]] inline core::http::Response refusal(Leaderboard& service, const core::Error& error) {
  const auto problem = core::http::to_problem(error);
  if (problem.status >= 500) {
    service.with().log.error("request failed", {{"error", error.message}, {"detail", error.detail}});
  }
  return problem.response();
}

}  // namespace liveops::leaderboard
