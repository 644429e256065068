#include "adapters/http/router.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "adapters/http/refusals.hpp"
#include "core/http/problem.hpp"

namespace liveops::adapters::http {
namespace {

using core::http::Request;
using core::http::Response;
using std::chrono::steady_clock;

std::string route_list_of(const RouteTable& table) {
  boost::json::array list;
  for (const auto& entry : table.entries()) {
    for (const auto& route : entry->routes) list.emplace_back(route.method + " " + route.path);
  }
  return boost::json::serialize(list);
}

/// Splits the target: origin form ("/a?b"), absolute form ("http://host/a?b", RFC 9112 section 3.2.2) or "*".
void split_target(Request& request) {
  std::string_view path = request.target;
  if (const auto scheme = path.find("://"); !path.starts_with('/') && scheme != std::string_view::npos) {
    const auto slash = path.find_first_of("/?", scheme + 3);
    path = slash == std::string_view::npos ? std::string_view("/") : path.substr(slash);
    request.target = path;
  }
  const auto mark = path.find('?');
  request.path = path.substr(0, mark);
  request.query = mark == std::string_view::npos ? std::string_view{} : path.substr(mark + 1);
}

void set_trace(Request& request, TraceStorage& storage) {
  const auto traceparent = request.header("traceparent");
  request.traceparent = is_valid_traceparent(traceparent) ? traceparent : make_traceparent(storage);
  const auto request_id = request.header("x-request-id");
  request.request_id = is_valid_request_id(request_id) ? request_id : make_request_id(storage);
}

bool is_taken(std::string_view content_type, const std::vector<std::string>& taken) {
  auto media_type = content_type.substr(0, content_type.find(';'));
  while (media_type.ends_with(' ') || media_type.ends_with('\t')) media_type.remove_suffix(1);
  return std::ranges::any_of(taken, [&](const auto& type) { return core::http::equals_ignore_case(type, media_type); });
}

/// What operators and their probes ask must be answered above all when there is too much to do.
bool is_bounded(ports::Access access) {
  return access != ports::Access::open && access != ports::Access::admin;
}

}  // namespace

Router::Router(std::vector<ports::Route> routes, const core::auth::Authenticator& authenticator,
               const core::Clock& clock, ports::Metrics& metrics, ports::Log& log, Options options)
    : table_(std::move(routes)),
      authenticator_(authenticator),
      clock_(clock),
      log_(log),
      max_in_flight_(options.max_in_flight),
      unmatched_(metrics, options.service, "unmatched"),
      exceptions_(metrics.counter("liveops_http_handler_exceptions_total", "Handlers that threw: bugs.",
                                  {{"service", options.service}})),
      route_list_(route_list_of(table_)) {
  for (const auto& entry : table_.entries()) {
    route_metrics_.push_back(std::make_unique<RouteMetrics>(metrics, options.service, entry->path_template));
  }
}

Admission Router::admit(Request& request, TraceStorage& trace, std::optional<std::uint64_t> content_length) {
  split_target(request);
  set_trace(request, trace);
  const auto found = table_.find(request.path, request.path_params);
  Admission admission;
  admission.metrics = found.entry != nullptr ? route_metrics_[found.entry->index].get() : &unmatched_;
  admission.refusal = refuse_path(request, found);
  if (!admission.refusal) {
    const ports::Route* route = found.entry->find(request.method);
    admission.max_body_bytes = route->max_body_bytes;
    if (is_bounded(route->access) && in_flight_.load(std::memory_order_relaxed) >= max_in_flight_) {
      admission.refusal = refusals::at_capacity();
      admission.at_capacity = true;
    } else if (content_length.value_or(0) > route->max_body_bytes) {
      admission.refusal = refusals::body_too_large(route->max_body_bytes);
    } else if (!route->content_types.empty() && !is_taken(request.header("content-type"), route->content_types)) {
      admission.refusal = refusals::unsupported_media_type(request.header("content-type"), route->content_types);
    } else {
      admission.route = route;
    }
  }
  if (admission.refusal) admission.metrics->record(request.method, admission.refusal->status, {});
  return admission;
}

std::optional<Response> Router::refuse_path(const Request& request, RouteTable::Found found) const {
  if (found.entry == nullptr) {
    if (request.method == "OPTIONS" && request.path == "*") {
      return std::move(Response{.status = 204}.with("Allow", "GET, HEAD, POST, OPTIONS"));
    }
    return refusals::unknown_path(request.path, route_list_);
  }
  if (found.bad_escape) return refusals::bad_escape(request.path);
  if (found.entry->find(request.method) != nullptr) return std::nullopt;
  if (request.method == "OPTIONS") return std::move(Response{.status = 204}.with("Allow", found.entry->allow));
  return refusals::method_not_allowed(request.method, found.entry->allow);
}

core::Result<core::http::Principal> Router::authenticate(ports::Access access, const Request& request) const {
  switch (access) {
    case ports::Access::open:
      return core::http::Principal{};
    case ports::Access::signed_request:
      return authenticator_.signed_request(request, clock_.now());
    case ports::Access::player_data:
      return authenticator_.player_data(request, clock_.now());
    case ports::Access::leaderboard:
      return authenticator_.leaderboard(request, clock_.now());
    case ports::Access::admin:
      break;
  }
  return authenticator_.admin(request, clock_.now());
}

boost::asio::awaitable<Response> Router::serve(const Admission& admission, Request& request) {
  const auto begin = steady_clock::now();
  auto response = co_await guarded(*admission.route, request);
  admission.metrics->record(request.method, response.status, steady_clock::now() - begin);
  if (log_.enabled(ports::LogLevel::debug)) {
    log_.debug("request answered", {{"method", request.method},
                                    {"path", request.path},
                                    {"status", std::int64_t{response.status}},
                                    {"traceparent", request.traceparent},
                                    {"request_id", request.request_id}});
  }
  co_return response;
}

boost::asio::awaitable<Response> Router::guarded(const ports::Route& route, Request& request) {
  auto principal = authenticate(route.access, request);
  if (!principal) co_return core::http::to_problem(principal.error()).response();
  request.principal = std::move(*principal);
  if (in_flight_.fetch_add(1, std::memory_order_relaxed) >= max_in_flight_ && is_bounded(route.access)) {
    in_flight_.fetch_sub(1, std::memory_order_relaxed);
    co_return refusals::at_capacity();
  }
  Response response;
  try {
    response = co_await route.handler(request);
  } catch (const std::exception& e) {
    response = failed(request, e.what());
  } catch (...) {
    response = failed(request, "not a std::exception");
  }
  in_flight_.fetch_sub(1, std::memory_order_relaxed);
  co_return response;
}

Response Router::failed(const Request& request, std::string_view why) {
  exceptions_.add();
  log_.error("a handler threw; this is a bug", {{"method", request.method},
                                                {"path", request.path},
                                                {"error", why},
                                                {"traceparent", request.traceparent},
                                                {"request_id", request.request_id}});
  return core::http::to_problem({core::Errc::internal, {}, {}}).response();
}

Response Router::refuse_body(const Admission& admission, const Request& request) {
  auto response = refusals::body_too_large(admission.max_body_bytes);
  admission.metrics->record(request.method, response.status, {});
  return response;
}

Response Router::refuse_protocol(int status, std::string detail) {
  unmatched_.record("OTHER", status, {});
  return refusals::protocol(status, std::move(detail));
}

}  // namespace liveops::adapters::http
