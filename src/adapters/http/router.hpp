#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/http/route_metrics.hpp"
#include "adapters/http/route_table.hpp"
#include "adapters/http/trace.hpp"
#include "core/auth/authenticator.hpp"
#include "core/http/message.hpp"
#include "core/time.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"
#include "ports/route.hpp"

namespace liveops::adapters::http {

/// What the head of a request settled. Default-made: refused, no route known.
struct Admission {
  const ports::Route* route = nullptr;  // null when refused
  RouteMetrics* metrics = nullptr;
  std::size_t max_body_bytes = 0;
  std::optional<core::http::Response> refusal;  // answer this and do not run anything
  bool at_capacity = false;                     // why it was refused: too much is in flight
};

/// What every request goes through before and after its handler.
///
/// Order: route (404 with the list of routes, 405 with Allow, OPTIONS 204) -> requests in flight (503 with jittered
/// Retry-After) -> body size (413) -> content type (415) -> access (401, 403) -> handler (500 when it throws). Each
/// answer is counted under its route's template. Open and admin routes are not refused for what is in flight: operators
/// and their probes need them most when there is too much of it.
///
/// Threads: any. Must outlive the server.
class Router {
 public:
  struct Options {
    std::string service;       // label of the metrics
    int max_in_flight = 1024;  // handlers running at once, over all threads; beyond: 503
  };

  /// Throws std::invalid_argument for a bug in the routes (see RouteTable).
  Router(std::vector<ports::Route> routes, const core::auth::Authenticator& authenticator, const core::Clock& clock,
         ports::Metrics& metrics, ports::Log& log, Options options);

  /// Decides by the head alone: method, target and headers are set, the body is not there yet. Sets path, query,
  /// path_params, traceparent and request_id (made ones live in `trace`). `content_length`: absent when chunked.
  [[nodiscard]] Admission admit(core::http::Request& request, TraceStorage& trace,
                                std::optional<std::uint64_t> content_length);

  /// Checks access, runs the handler of an admitted request and counts it. Never throws.
  [[nodiscard]] boost::asio::awaitable<core::http::Response> serve(const Admission& admission,
                                                                   core::http::Request& request);

  /// 413 for a body found too large while it was read. Counts it.
  [[nodiscard]] core::http::Response refuse_body(const Admission& admission, const core::http::Request& request);

  /// A problem for bytes that are no request (400, 408, 431, 501, 505). Counts it under "unmatched".
  [[nodiscard]] core::http::Response refuse_protocol(int status, std::string detail);

  [[nodiscard]] const core::Clock& clock() const { return clock_; }

 private:
  [[nodiscard]] std::optional<core::http::Response> refuse_path(const core::http::Request& request,
                                                                RouteTable::Found found) const;
  [[nodiscard]] core::Result<core::http::Principal> authenticate(ports::Access access,
                                                                 const core::http::Request& request) const;
  [[nodiscard]] boost::asio::awaitable<core::http::Response> guarded(const ports::Route& route,
                                                                     core::http::Request& request);
  [[nodiscard]] core::http::Response failed(const core::http::Request& request, std::string_view why);

  RouteTable table_;
  const core::auth::Authenticator& authenticator_;
  const core::Clock& clock_;
  ports::Log& log_;
  int max_in_flight_;
  std::atomic<int> in_flight_{0};
  std::vector<std::unique_ptr<RouteMetrics>> route_metrics_;  // by PathEntry::index
  RouteMetrics unmatched_;
  ports::Counter& exceptions_;
  std::string route_list_;  // JSON array for the 404
};

}  // namespace liveops::adapters::http
