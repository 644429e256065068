#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "ports/log.hpp"
#include "ports/metrics.hpp"

namespace liveops::test {

/// Metrics that a test can read back. Threads: any.
class RecordingMetrics final : public ports::Metrics {
 public:
  RecordingMetrics();
  ~RecordingMetrics() override;
  ports::Counter& counter(const std::string& name, const std::string& help, const ports::Labels& labels) override;
  ports::Gauge& gauge(const std::string& name, const std::string& help, const ports::Labels& labels) override;
  ports::Histogram& histogram(const std::string& name, const std::string& help, const ports::Labels& labels,
                              const std::vector<double>& buckets) override;

  /// Value of a counter or gauge, or number of observations; 0 when it was never made. Key: name{k=v,...}.
  [[nodiscard]] double value(const std::string& key) const;

 private:
  struct Instrument;
  Instrument& instrument(const std::string& name, const ports::Labels& labels);
  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Instrument>> instruments_;
};

/// A log that says nothing.
class SilentLog final : public ports::Log {
 public:
  [[nodiscard]] bool enabled(ports::LogLevel) const override { return false; }
  void write(ports::LogLevel, std::string_view, std::span<const ports::LogField>) override {}
};

}  // namespace liveops::test
