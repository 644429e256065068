#include "fairness/verdict_response.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <string>

#include "core/http/problem.hpp"
#include "fairness/json.hpp"

namespace liveops::fairness {
namespace {

core::http::Problem problem_of(const core::Verdict& verdict) {
  if (verdict.action == core::VerdictAction::throttle) {
    return {.status = 429,
            .slug = "https://iana.org/assignments/http-problem-types#abnormal-usage-detected",
            .title = "Abnormal usage detected"};
  }
  return {.status = 403, .slug = "player-blocked", .title = "The player is blocked"};
}

}  // namespace

core::http::Response verdict_response(const core::Verdict& verdict, core::Timestamp now) {
  if (verdict.action == core::VerdictAction::allow) {
    return {.status = 200, .body = boost::json::serialize(to_json(verdict))};
  }
  core::http::Problem problem = problem_of(verdict);
  problem.detail = verdict.reason;
  const auto extend = [&problem](const char* name, const std::string& text) {
    problem.extensions.emplace_back(name, boost::json::serialize(boost::json::string(text)));
  };
  if (!verdict.decision_id.empty()) extend("decision_id", verdict.decision_id);
  if (verdict.until) extend("until", core::format_rfc3339(*verdict.until));
  core::http::Response response = problem.response();
  if (verdict.until) {
    const auto wait = std::chrono::ceil<std::chrono::seconds>(*verdict.until - now).count();
    response.with("Retry-After", std::to_string(std::max<std::int64_t>(1, wait)));
  }
  return response;
}

}  // namespace liveops::fairness
