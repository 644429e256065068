#pragma once

#include <prometheus/metric_family.h>

#include <vector>

namespace liveops::adapters::telemetry {

/// process_resident_memory_bytes, process_cpu_seconds_total, process_open_fds and process_start_time_seconds, the names
/// that Prometheus' own clients use, as /proc/self has them now. What cannot be read is left out.
[[nodiscard]] std::vector<prometheus::MetricFamily> process_metrics();

}  // namespace liveops::adapters::telemetry
