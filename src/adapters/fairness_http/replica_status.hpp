#pragma once

#include <atomic>
#include <string>
#include <string_view>
#include <utility>

#include "core/error.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"

namespace liveops::adapters::fairness_http {

/// How one URL does, over all threads: the log tells of changes, the metrics of every request.
///
/// Threads: any.
class ReplicaStatus {
 public:
  ReplicaStatus(std::string url, ports::Log& log, ports::Metrics& metrics)
      : url_(std::move(url)),
        log_(log),
        answered_(requests(metrics, "answered")),
        failed_(requests(metrics, "failed")),
        seconds_(metrics.histogram("liveops_fairness_request_duration_seconds", "Requests to fairness.", {},
                                   ports::latency_buckets())),
        events_(metrics.histogram("liveops_fairness_request_events", "Events in one request to fairness.", {},
                                  {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000})) {}

  void answered(std::size_t events, double seconds) {
    answered_.add();
    seconds_.observe(seconds);
    events_.observe(static_cast<double>(events));
    if (answering_.load(std::memory_order_relaxed) || answering_.exchange(true)) return;
    log_.info("fairness replica answers again", {{"url", std::string_view(url_)}});
  }

  void failed(const core::Error& error) {
    failed_.add();
    if (!answering_.exchange(false)) return;
    log_.warn("fairness replica gives no verdicts", {{"url", std::string_view(url_)},
                                                     {"error", core::to_string(error.code)},
                                                     {"message", std::string_view(error.message)},
                                                     {"detail", std::string_view(error.detail)}});
  }

 private:
  static ports::Counter& requests(ports::Metrics& metrics, std::string outcome) {
    return metrics.counter("liveops_fairness_requests_total", "Requests to fairness.",
                           {{"outcome", std::move(outcome)}});
  }

  std::string url_;
  ports::Log& log_;
  ports::Counter& answered_;
  ports::Counter& failed_;
  ports::Histogram& seconds_;
  ports::Histogram& events_;
  std::atomic<bool> answering_{true};
};

}  // namespace liveops::adapters::fairness_http
