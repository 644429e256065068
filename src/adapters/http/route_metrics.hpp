#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ports/metrics.hpp"

namespace liveops::adapters::http {

/// Counts and times the requests of one route template.
///
///   liveops_http_requests_total{service,route,method,status}
///   liveops_http_request_duration_seconds{service,route}
///
/// Labels are closed sets: methods and statuses beyond the usual ones count as "OTHER" and "other".
/// Threads: any. Complexity: no lock but for the first request of each method and status.
class RouteMetrics {
 public:
  RouteMetrics(ports::Metrics& metrics, std::string service, std::string route);

  void record(std::string_view method, int status, std::chrono::steady_clock::duration took);

 private:
  static constexpr std::size_t kMethods = 8;
  static constexpr std::size_t kStatuses = 32;

  ports::Counter& make_counter(std::size_t method, std::size_t status);

  ports::Metrics& metrics_;
  std::string service_;
  std::string route_;
  ports::Histogram& duration_;
  std::array<std::array<std::atomic<ports::Counter*>, kStatuses>, kMethods> counters_{};
};

}  // namespace liveops::adapters::http
