#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <vector>

#include "adapters/fairness_http/lane.hpp"
#include "adapters/fairness_http/options.hpp"
#include "core/time.hpp"
#include "ports/fairness_check.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"

namespace liveops::adapters::fairness_http {

/// Fairness as a service of other processes, asked by POST /check/batch (README).
///
/// Metrics: liveops_fairness_requests_total{outcome}, liveops_fairness_request_duration_seconds,
/// liveops_fairness_request_events.
/// Threads: any. Callers on the io_contexts given are served on their own, others by the first of them. Requires: each
/// io_context is run by one thread, and has stopped before this ends.
class FairnessCheck final : public ports::FairnessCheck {
 public:
  /// Connects with the first check. `contexts`: at least one. Errors: `invalid_argument` (a URL, or no credentials).
  [[nodiscard]] static core::Result<std::unique_ptr<FairnessCheck>> create(
      Options options, std::vector<boost::asio::io_context*> contexts, const core::Clock& clock, ports::Log& log,
      ports::Metrics& metrics);

  /// As the port says. The verdicts of one call may come from several replicas. A request carries the trace of its
  /// first event. `timeout`: the deadline has passed; `unavailable`: no replica gave verdicts.
  [[nodiscard]] ports::Task<std::vector<core::Verdict>> check(std::vector<core::Event> events) override;

 private:
  FairnessCheck(Options options, std::vector<Target> targets, const std::vector<std::string>& names,
                const std::vector<boost::asio::io_context*>& contexts, const core::Clock& clock);

  Options options_;
  std::vector<Target> targets_;
  Rendezvous rendezvous_;
  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace liveops::adapters::fairness_http
