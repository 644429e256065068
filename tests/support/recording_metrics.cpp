#include "tests/support/recording_metrics.hpp"

#include <atomic>

namespace liveops::test {

struct RecordingMetrics::Instrument final : ports::Counter, ports::Gauge, ports::Histogram {
  std::atomic<double> total{0};
  void add(double amount) override { total.fetch_add(amount); }
  void set(double value) override { total.store(value); }
  void observe(double) override { total.fetch_add(1); }
};

RecordingMetrics::RecordingMetrics() = default;
RecordingMetrics::~RecordingMetrics() = default;

RecordingMetrics::Instrument& RecordingMetrics::instrument(const std::string& name, const ports::Labels& labels) {
  std::string key = name + "{";
  for (std::size_t i = 0; i < labels.size(); ++i) {
    key += (i == 0 ? "" : ",") + labels[i].first + "=" + labels[i].second;
  }
  key += "}";
  const std::lock_guard lock(mutex_);
  auto& slot = instruments_[key];
  if (!slot) slot = std::make_unique<Instrument>();
  return *slot;
}

ports::Counter& RecordingMetrics::counter(const std::string& name, const std::string&, const ports::Labels& labels) {
  return instrument(name, labels);
}

ports::Gauge& RecordingMetrics::gauge(const std::string& name, const std::string&, const ports::Labels& labels) {
  return instrument(name, labels);
}

ports::Histogram& RecordingMetrics::histogram(const std::string& name, const std::string&, const ports::Labels& labels,
                                              const std::vector<double>&) {
  return instrument(name, labels);
}

double RecordingMetrics::value(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = instruments_.find(key.find('{') == std::string::npos ? key + "{}" : key);
  return found == instruments_.end() ? 0 : found->second->total.load();
}

}  // namespace liveops::test
