#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "ports/health.hpp"
#include "ports/route.hpp"

namespace liveops::adapters::http {

/// Whether this process wants traffic, apart from its dependencies: not yet while it starts, no more while it drains.
///
/// Threads: any.
class Readiness {
 public:
  /// Not ready yet, e.g. "rebuilding the rank index".
  void set_starting(std::string reason);
  void set_ready();
  /// For good: later calls of the others change nothing.
  void set_draining();

  /// Why there should be no traffic; empty when ready.
  [[nodiscard]] std::string reason() const;

 private:
  mutable std::mutex mutex_;
  std::string reason_;
  bool draining_ = false;
};

/// The routes that operators and orchestrators call; open to anybody, so put nothing secret into a check's message.
///
///   GET /livez    200 while the process runs
///   GET /readyz   200 or 503; lists `[+]name ok`, `[-]name failed: why` and `[!]name degraded: why` (which is no
///   reason
///                 for 503) when something is wrong, or with ?verbose
///   GET /healthz  the same verdict as JSON: {"status", "checks": {name: {"status", "message"}}}; "ok", "degraded" or
///                 "failed"
///   GET /metrics  Prometheus text, from `metrics_text`
///
/// Checks run one after another, each with a deadline of `check_deadline`. `checks` and `readiness` outlive the routes.
[[nodiscard]] std::vector<ports::Route> operations_routes(
    std::vector<ports::HealthCheck*> checks, const Readiness& readiness, std::function<std::string()> metrics_text,
    std::chrono::milliseconds check_deadline = std::chrono::seconds(1));

}  // namespace liveops::adapters::http
