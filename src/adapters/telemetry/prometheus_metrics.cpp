#include "adapters/telemetry/prometheus_metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <variant>

#include "adapters/telemetry/instruments.hpp"
#include "adapters/telemetry/process_metrics.hpp"

namespace liveops::adapters::telemetry {

void AtomicHistogram::read(prometheus::ClientMetric& out) const {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i <= bounds_.size(); ++i) {
    count += counts_[i].load(std::memory_order_relaxed);
    const bool last = i == bounds_.size();
    out.histogram.bucket.push_back({count, last ? std::numeric_limits<double>::infinity() : bounds_[i]});
  }
  out.histogram.sample_count = count;
  out.histogram.sample_sum = sum_.load(std::memory_order_relaxed);
}

namespace {

std::string to_text(const std::vector<prometheus::MetricFamily>& families) {
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, families);
  return std::move(text).str();
}

}  // namespace

struct PrometheusMetrics::Instrument {
  ports::Labels labels;  // sorted
  std::variant<std::unique_ptr<AtomicCounter>, std::unique_ptr<AtomicGauge>, std::unique_ptr<AtomicHistogram>> value;
};

struct PrometheusMetrics::Family {
  std::string help;
  prometheus::MetricType type;
  std::vector<Instrument> instruments;
};

PrometheusMetrics::PrometheusMetrics(std::string version, std::string commit) {
  gauge("liveops_build_info", "What runs; always 1.", {{"version", std::move(version)}, {"commit", std::move(commit)}})
      .set(1);
}

PrometheusMetrics::PrometheusMetrics() = default;

PrometheusMetrics::~PrometheusMetrics() = default;

template <class Kind, class... Args>
Kind& PrometheusMetrics::instrument(const std::string& name, const std::string& help, const ports::Labels& labels,
                                    Args&&... args) {
  auto sorted = labels;
  std::ranges::sort(sorted);
  const std::lock_guard lock(mutex_);
  auto& family = families_[name];
  if (!family) family = std::make_unique<Family>(help, Kind::kType);
  if (family->type != Kind::kType) throw std::logic_error("metric made before as another kind: " + name);
  const auto at = std::ranges::find(family->instruments, sorted, &Instrument::labels);
  if (at != family->instruments.end()) return *std::get<std::unique_ptr<Kind>>(at->value);
  auto made = std::make_unique<Kind>(std::forward<Args>(args)...);
  Kind& reference = *made;
  family->instruments.push_back({std::move(sorted), std::move(made)});
  return reference;
}

ports::Counter& PrometheusMetrics::counter(const std::string& name, const std::string& help,
                                           const ports::Labels& labels) {
  return instrument<AtomicCounter>(name, help, labels);
}

ports::Gauge& PrometheusMetrics::gauge(const std::string& name, const std::string& help, const ports::Labels& labels) {
  return instrument<AtomicGauge>(name, help, labels);
}

ports::Histogram& PrometheusMetrics::histogram(const std::string& name, const std::string& help,
                                               const ports::Labels& labels, const std::vector<double>& buckets) {
  return instrument<AtomicHistogram>(name, help, labels, buckets);
}

std::vector<prometheus::MetricFamily> PrometheusMetrics::families() const {
  std::vector<prometheus::MetricFamily> all;
  const std::lock_guard lock(mutex_);
  for (const auto& [name, family] : families_) {
    auto& out = all.emplace_back(prometheus::MetricFamily{name, family->help, family->type, {}});
    for (const auto& instrument : family->instruments) {
      auto& metric = out.metric.emplace_back();
      for (const auto& [key, value] : instrument.labels) metric.label.push_back({key, value});
      std::visit([&](const auto& value) { value->read(metric); }, instrument.value);
    }
  }
  return all;
}

std::string PrometheusMetrics::scrape() const {
  auto all = process_metrics();
  std::ranges::move(families(), std::back_inserter(all));
  return to_text(all);
}

std::string PrometheusMetrics::instruments() const {
  return to_text(families());
}

}  // namespace liveops::adapters::telemetry
