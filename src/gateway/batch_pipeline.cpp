#include "gateway/batch_pipeline.hpp"

#include <algorithm>
#include <utility>

#include "core/http/problem.hpp"
#include "gateway/content_coding.hpp"
#include "gateway/problems.hpp"

namespace liveops::gateway {

namespace asio = boost::asio;
namespace http = core::http;

namespace {

bool is_ndjson(std::string_view content_type) {
  auto media_type = content_type.substr(0, content_type.find(';'));
  while (media_type.ends_with(' ') || media_type.ends_with('\t')) media_type.remove_suffix(1);
  return http::equals_ignore_case(media_type, "application/x-ndjson");
}

}  // namespace

BatchPipeline::BatchPipeline(const Settings& settings, RateLimiter& limiter, Admission& admission, Counters& counters,
                             const core::Clock& clock)
    : settings_(settings),
      limiter_(limiter),
      admission_(admission),
      counters_(counters),
      clock_(clock),
      // More than the burst could never pass.
      max_events_(std::min<std::size_t>(settings.max_batch_events, limiter.burst())) {}

asio::awaitable<http::Response> BatchPipeline::handle(const http::Request& request) {
  Tally tally(counters_);
  const auto now = clock_.now();
  auto items = read(request, now);
  const std::size_t events = items ? items->size() : 1;
  tally.receive(events);
  // What cannot be split costs as much as one event.
  const auto rate = limiter_.take(request.principal.key_id, events, now);
  http::Response response;
  if (!rate.allowed) {
    tally.count(EventResult::rate_limited, events);
    response = quota_problem(rate, events, now).response();
  } else if (!items) {
    tally.count(EventResult::rejected);
    response = std::move(items.error());
  } else {
    counters_.batch_events.observe(static_cast<double>(events));
    response = co_await take_in(request, std::move(*items), now, tally);
  }
  limiter_.describe(rate, response);
  co_return response;
}

std::expected<BatchPipeline::Items, http::Response> BatchPipeline::read(const http::Request& request,
                                                                        core::Timestamp now) const {
  const auto max_bytes = settings_.max_unpacked_batch_bytes;
  const auto body = decode_body(request.header("Content-Encoding"), request.body, max_bytes);
  if (!body) return std::unexpected(coding_problem(body.error(), max_bytes));
  auto items =
      core::parse_batch(body->view(), is_ndjson(request.header("Content-Type")), max_events_, now, settings_.events);
  if (!items) return std::unexpected(http::validation_problem(std::move(items.error())).response());
  if (items->empty()) {
    return std::unexpected(http::validation_problem({{.pointer = "#", .detail = "holds no events"}}).response());
  }
  return std::move(*items);
}

asio::awaitable<http::Response> BatchPipeline::take_in(const http::Request& request, Items items, core::Timestamp now,
                                                       Tally& tally) {
  const core::KeyId& key = request.principal.key_id;
  std::vector<core::EventId> ids(items.size());
  std::vector<core::Event> events;
  events.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!items[i].idempotency_key.empty()) ids[i] = core::EventId::derive(key, items[i].idempotency_key);
    if (!items[i].event) continue;
    core::Event& event = events.emplace_back(std::move(*items[i].event));
    event.id = ids[i];
    event.key_id = key;
    event.traceparent = request.traceparent;
  }
  std::vector<Decision> decisions;
  if (!events.empty()) decisions = co_await admission_.admit(std::move(events), now);

  BatchResult result(items.size(), now);
  std::size_t next = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].event) {
      const Decision& decision = decisions[next++];
      tally.count(result_of(decision.outcome));
      result.add(ids[i], decision);
    } else {
      tally.count(EventResult::rejected);
      const bool has_key = !items[i].idempotency_key.empty();
      result.add_faulty(has_key ? std::optional(ids[i]) : std::nullopt, items[i].event.error());
    }
  }
  co_return std::move(result).response();
}

}  // namespace liveops::gateway
