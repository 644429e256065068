#include "gateway/problems.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <chrono>
#include <string>

namespace liveops::gateway {

using core::http::Problem;

namespace {

constexpr std::string_view kQuotaExceeded = "https://iana.org/assignments/http-problem-types#quota-exceeded";
constexpr std::string_view kAbnormalUsage = "https://iana.org/assignments/http-problem-types#abnormal-usage-detected";
constexpr std::string_view kReducedCapacity =
    "https://iana.org/assignments/http-problem-types#temporary-reduced-capacity";

std::string quoted(std::string_view text) {
  return boost::json::serialize(boost::json::string(text.data(), text.size()));
}

/// Whole seconds from `now` until `until`, rounded up, at least one.
std::chrono::seconds seconds_until(core::Timestamp until, core::Timestamp now) {
  return std::max(std::chrono::ceil<std::chrono::seconds>(until - now), std::chrono::seconds(1));
}

Problem fairness_problem(const core::Verdict& verdict, core::Timestamp now) {
  const bool blocked = verdict.action == core::VerdictAction::block;
  Problem problem{.status = blocked ? 403 : 429,
                  .slug = blocked ? "player-blocked" : std::string(kAbnormalUsage),
                  .title = blocked ? "The player is blocked" : "Abnormal usage detected",
                  .detail = verdict.reason.empty() ? "Fairness refused the event." : verdict.reason};
  if (!verdict.decision_id.empty()) problem.extensions.emplace_back("decision_id", quoted(verdict.decision_id));
  if (verdict.until) {
    problem.extensions.emplace_back("until", quoted(core::format_rfc3339(*verdict.until)));
    problem.retry_after = seconds_until(*verdict.until, now);
  } else if (!blocked) {
    problem.retry_after = std::chrono::seconds(1);
  }
  return problem;
}

}  // namespace

Problem quota_problem(const RateDecision& rate, std::uint64_t events, core::Timestamp now) {
  Problem problem{.status = 429,
                  .slug = std::string(kQuotaExceeded),
                  .title = "Request cannot be satisfied as assigned quota has been exceeded",
                  .detail = "The key's quota has " + std::to_string(rate.remaining) +
                            " events left, this request needs " + std::to_string(events) +
                            ". Wait and send it again; nothing of it was taken."};
  problem.extensions.emplace_back("violated-policies", R"(["events"])");
  problem.retry_after =
      std::chrono::seconds(rate.wait_seconds) + std::chrono::seconds(now.time_since_epoch().count() % 2);
  return problem;
}

core::http::Response coding_problem(CodingFault fault, std::size_t max_bytes) {
  Problem problem;
  switch (fault) {
    case CodingFault::unsupported:
      problem = {.status = 415,
                 .slug = "unsupported-content-encoding",
                 .title = "Content-Encoding is not supported",
                 .detail = "Send the body as it is or with Content-Encoding: gzip."};
      return problem.response().with("Accept-Encoding", "gzip");
    case CodingFault::corrupt:
      problem = {.status = 400,
                 .slug = "broken-content-encoding",
                 .title = "The compressed body cannot be unpacked",
                 .detail = "The body is not whole and sound gzip (RFC 1952) as its Content-Encoding says."};
      break;
    case CodingFault::too_large:
      problem = {.status = 413,
                 .slug = "body-too-large",
                 .title = "Body too large",
                 .detail = "The body is larger than " + std::to_string(max_bytes) + " bytes when unpacked."};
      break;
  }
  return problem.response();
}

Problem key_problem(std::string detail) {
  return {.status = 400,
          .slug = "idempotency-key",
          .title = "The idempotency key is missing or not valid",
          .detail = std::move(detail)};
}

Problem outcome_problem(const Decision& decision, core::Timestamp now) {
  switch (decision.outcome) {
    case Outcome::in_progress:
      return {.status = 409,
              .slug = "request-in-progress",
              .title = "A request with this idempotency key is still running",
              .detail = "Wait for its answer, or send the same request again in a moment.",
              .retry_after = std::chrono::seconds(1)};
    case Outcome::key_reused:
      return {.status = 422,
              .slug = "idempotency-key-reused",
              .title = "The idempotency key was used for another event",
              .detail = "A retry must carry the same event; a new event needs a new key."};
    case Outcome::throttled:
    case Outcome::blocked:
      return fairness_problem(decision.verdict, now);
    case Outcome::too_large:
      return {.status = 413,
              .slug = "event-too-large",
              .title = "The event is too large for the event bus",
              .detail = "Send a smaller payload."};
    case Outcome::accepted:
    case Outcome::duplicate:
    case Outcome::unavailable:
      break;
  }
  return {.status = 503,
          .slug = std::string(kReducedCapacity),
          .title = "Temporary Reduced Capacity",
          .detail = "The event could not be stored now. Send it again with the same idempotency key."};
}

std::string_view code_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::in_progress:
      return "request_in_progress";
    case Outcome::key_reused:
      return "idempotency_key_reused";
    case Outcome::throttled:
      return "throttled";
    case Outcome::blocked:
      return "player_blocked";
    case Outcome::too_large:
      return "event_too_large";
    case Outcome::unavailable:
      return "unavailable";
    case Outcome::accepted:
    case Outcome::duplicate:
      break;
  }
  return {};
}

}  // namespace liveops::gateway
