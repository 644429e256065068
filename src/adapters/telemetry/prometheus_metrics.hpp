#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "ports/metrics.hpp"

namespace prometheus {
struct MetricFamily;  // NOLINT(readability-identifier-naming): prometheus-cpp's
}

namespace liveops::adapters::telemetry {

/// Metrics in Prometheus' text format (version 0.0.4), with prometheus-cpp as the serialiser.
///
/// Instruments are single atomics: adding costs a few nanoseconds and never waits for a scrape, so a histogram may be
/// read while an observation is half counted. Besides what is made here, a scrape gives liveops_build_info and the
/// process_* metrics, read from /proc at that moment.
/// Threads: any.
class PrometheusMetrics final : public ports::Metrics {
 public:
  /// `version` and `commit` become labels of liveops_build_info.
  PrometheusMetrics(std::string version, std::string commit);
  /// Without liveops_build_info.
  PrometheusMetrics();
  ~PrometheusMetrics() override;

  /// Throw std::logic_error (a bug) when the name was made before as another kind of instrument.
  ports::Counter& counter(const std::string& name, const std::string& help, const ports::Labels& labels) override;
  ports::Gauge& gauge(const std::string& name, const std::string& help, const ports::Labels& labels) override;
  ports::Histogram& histogram(const std::string& name, const std::string& help, const ports::Labels& labels,
                              const std::vector<double>& buckets) override;

  /// The text of everything, for GET /metrics.
  [[nodiscard]] std::string scrape() const;

  /// The same without process_*: to be put after another one's `scrape`, where no name is in both.
  [[nodiscard]] std::string instruments() const;

 private:
  struct Instrument;
  struct Family;
  [[nodiscard]] std::vector<prometheus::MetricFamily> families() const;
  template <class Kind, class... Args>
  Kind& instrument(const std::string& name, const std::string& help, const ports::Labels& labels, Args&&... args);

  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Family>> families_;
};

}  // namespace liveops::adapters::telemetry
