#pragma once

#include <prometheus/client_metric.h>
#include <prometheus/metric_type.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "ports/metrics.hpp"

/// The instruments behind PrometheusMetrics. Each writes its present value into a prometheus::ClientMetric.
namespace liveops::adapters::telemetry {

class AtomicCounter final : public ports::Counter {
 public:
  static constexpr auto kType = prometheus::MetricType::Counter;
  void add(double amount) override {
    if (amount > 0) value_.fetch_add(amount, std::memory_order_relaxed);
  }
  void read(prometheus::ClientMetric& out) const { out.counter.value = value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

class AtomicGauge final : public ports::Gauge {
 public:
  static constexpr auto kType = prometheus::MetricType::Gauge;
  void set(double value) override { value_.store(value, std::memory_order_relaxed); }
  void add(double amount) override { value_.fetch_add(amount, std::memory_order_relaxed); }
  void read(prometheus::ClientMetric& out) const { out.gauge.value = value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

class AtomicHistogram final : public ports::Histogram {
 public:
  static constexpr auto kType = prometheus::MetricType::Histogram;
  explicit AtomicHistogram(std::vector<double> bounds)
      : bounds_(std::move(bounds)), counts_(std::make_unique<std::atomic<std::uint64_t>[]>(bounds_.size() + 1)) {}

  void observe(double value) override {
    const auto bucket = static_cast<std::size_t>(std::ranges::lower_bound(bounds_, value) - bounds_.begin());
    counts_[bucket].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
  }

  /// The count is that of the buckets, so that the two agree in every scrape.
  void read(prometheus::ClientMetric& out) const;

 private:
  std::vector<double> bounds_;
  std::unique_ptr<std::atomic<std::uint64_t>[]> counts_;  // the last: above every bound
  std::atomic<double> sum_{0};
};

}  // namespace liveops::adapters::telemetry
