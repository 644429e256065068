#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace liveops::ports {

/// Monotone count. Threads: any.
class Counter {
 public:
  virtual ~Counter() = default;
  virtual void add(double amount) = 0;
  void add() { add(1); }
};

/// Value that goes up and down. Threads: any.
class Gauge {
 public:
  virtual ~Gauge() = default;
  virtual void set(double value) = 0;
  virtual void add(double amount) = 0;
};

/// Distribution over fixed buckets. Threads: any.
class Histogram {
 public:
  virtual ~Histogram() = default;
  virtual void observe(double value) = 0;
};

using Labels = std::vector<std::pair<std::string, std::string>>;

/// Makes instruments; asking twice for the same name and labels gives the same one. Instruments live as long as this.
///
/// Names follow Prometheus: `liveops_` prefix (but for the two seed names), base units, `_total` on counters. Label
/// values come from closed sets: never a player, an event id or free text.
/// Threads: any. Look instruments up once, at construction: a look-up takes a lock.
class Metrics {
 public:
  virtual ~Metrics() = default;
  [[nodiscard]] virtual Counter& counter(const std::string& name, const std::string& help, const Labels& labels) = 0;
  [[nodiscard]] virtual Gauge& gauge(const std::string& name, const std::string& help, const Labels& labels) = 0;
  /// `buckets`: ascending upper bounds, in the unit of the name.
  [[nodiscard]] virtual Histogram& histogram(const std::string& name, const std::string& help, const Labels& labels,
                                             const std::vector<double>& buckets) = 0;
};

/// Upper bounds in seconds for request and store latencies: 50 us to 10 s.
[[nodiscard]] inline std::vector<double> latency_buckets() {
  return {0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};
}

}  // namespace liveops::ports
