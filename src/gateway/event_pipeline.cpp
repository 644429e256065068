#include "gateway/event_pipeline.hpp"

#include <utility>
#include <vector>

#include "core/event_parser.hpp"
#include "core/http/problem.hpp"
#include "gateway/content_coding.hpp"
#include "gateway/problems.hpp"

namespace liveops::gateway {

namespace asio = boost::asio;
namespace http = core::http;

namespace {

/// An id that an accepted event's answer consists of, whether it is the first answer or a replay.
http::Response accepted(const core::EventId& id) {
  return {.status = 202, .body = R"({"event_id":")" + id.str() + R"(","status":"accepted"})"};
}

http::Response answer(const core::EventId& id, const Decision& decision, core::Timestamp now) {
  if (decision.outcome == Outcome::accepted) return accepted(id);
  if (decision.outcome == Outcome::duplicate) return accepted(id).with("Idempotent-Replayed", "true");
  return outcome_problem(decision, now).response();
}

}  // namespace

EventPipeline::EventPipeline(const Settings& settings, RateLimiter& limiter, Admission& admission, Counters& counters,
                             const core::Clock& clock)
    : settings_(settings), limiter_(limiter), admission_(admission), counters_(counters), clock_(clock) {}

asio::awaitable<http::Response> EventPipeline::handle(const http::Request& request) {
  Tally tally(counters_);
  tally.receive(1);
  const auto now = clock_.now();
  const auto rate = limiter_.take(request.principal.key_id, 1, now);
  http::Response response;
  if (rate.allowed) {
    response = co_await take_in(request, now, tally);
  } else {
    tally.count(EventResult::rate_limited);
    response = quota_problem(rate, 1, now).response();
  }
  limiter_.describe(rate, response);
  co_return response;
}

asio::awaitable<http::Response> EventPipeline::take_in(const http::Request& request, core::Timestamp now,
                                                       Tally& tally) {
  auto event = read(request, now);
  if (!event) {
    tally.count(EventResult::rejected);
    co_return std::move(event.error());
  }
  const auto id = event->id;
  std::vector<core::Event> events;
  events.push_back(std::move(*event));
  const auto decisions = co_await admission_.admit(std::move(events), now);
  tally.count(result_of(decisions.front().outcome));
  co_return answer(id, decisions.front(), now);
}

std::expected<core::Event, http::Response> EventPipeline::read(const http::Request& request,
                                                               core::Timestamp now) const {
  const auto max_bytes = settings_.events.max_event_bytes;
  const auto body = decode_body(request.header("Content-Encoding"), request.body, max_bytes);
  if (!body) return std::unexpected(coding_problem(body.error(), max_bytes));
  auto event = core::parse_event(body->view(), now, settings_.events);
  if (!event) return std::unexpected(http::validation_problem(std::move(event.error())).response());
  const auto key = idempotency_key_of(request);
  if (!key) return std::unexpected(key_problem(key.error().message).response());
  event->key_id = request.principal.key_id;
  event->id = core::EventId::derive(event->key_id, *key);
  event->traceparent = request.traceparent;
  return std::move(*event);
}

core::Result<std::string> idempotency_key_of(const http::Request& request) {
  const bool webhook = request.has_header("webhook-signature") && !request.has_header("X-Signature");
  const std::string_view name = webhook ? "webhook-id" : "Idempotency-Key";
  if (!request.has_header(name)) {
    return core::fail(
        core::Errc::invalid_argument,
        std::string(name) + " is missing: send one key per event, and the same one with each retry of it");
  }
  auto key = core::parse_idempotency_key(request.header(name));
  if (!key) return core::fail(core::Errc::invalid_argument, std::string(name) + " " + key.error().message);
  if (webhook && request.has_header("Idempotency-Key")) {
    const auto other = core::parse_idempotency_key(request.header("Idempotency-Key"));
    if (!other || *other != *key) {
      return core::fail(core::Errc::invalid_argument, "Idempotency-Key differs from webhook-id: send only the latter");
    }
  }
  return key;
}

}  // namespace liveops::gateway
