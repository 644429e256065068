#include "adapters/telemetry/process_metrics.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>

namespace liveops::adapters::telemetry {
namespace {

prometheus::MetricFamily family(std::string name, std::string help, prometheus::MetricType type, double value) {
  prometheus::ClientMetric metric;
  metric.gauge.value = value;
  metric.counter.value = value;
  return {std::move(name), std::move(help), type, {std::move(metric)}};
}

/// Fields of /proc/self/stat that follow the command name; proc(5) numbers them from 3.
struct ProcStat {
  double cpu_seconds = 0;
  double start_ticks = 0;
  double resident_pages = 0;
};

std::optional<ProcStat> read_stat() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  const auto end_of_name = line.rfind(')');
  if (end_of_name == std::string::npos) return std::nullopt;
  std::istringstream rest(line.substr(end_of_name + 1));
  const std::vector<std::string> fields{std::istream_iterator<std::string>(rest), {}};
  constexpr std::size_t kFirst = 3;
  constexpr std::size_t kResident = 24;
  if (fields.size() <= kResident - kFirst) return std::nullopt;
  const auto field = [&](std::size_t number) { return std::stod(fields[number - kFirst]); };
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  return ProcStat{(field(14) + field(15)) / ticks, field(22) / ticks, field(kResident)};
}

std::optional<double> boot_time() {
  std::ifstream file("/proc/stat");
  for (std::string key; file >> key; file.ignore(1 << 20, '\n')) {
    double seconds = 0;
    if (key == "btime" && file >> seconds) return seconds;
  }
  return std::nullopt;
}

std::optional<double> open_files() {
  std::error_code error;
  double count = 0;
  for (std::filesystem::directory_iterator at("/proc/self/fd", error), end; !error && at != end; at.increment(error)) {
    ++count;
  }
  if (error) return std::nullopt;
  return count;
}

}  // namespace

std::vector<prometheus::MetricFamily> process_metrics() {
  using prometheus::MetricType;
  std::vector<prometheus::MetricFamily> all;
  if (const auto stat = read_stat()) {
    const double resident = stat->resident_pages * static_cast<double>(sysconf(_SC_PAGESIZE));
    all.push_back(family("process_resident_memory_bytes", "Resident memory.", MetricType::Gauge, resident));
    all.push_back(family("process_cpu_seconds_total", "User and system time.", MetricType::Counter, stat->cpu_seconds));
    if (const auto boot = boot_time()) {
      all.push_back(family("process_start_time_seconds", "Start, in seconds since the epoch.", MetricType::Gauge,
                           *boot + stat->start_ticks));
    }
  }
  if (const auto files = open_files()) {
    all.push_back(family("process_open_fds", "Open file descriptors.", MetricType::Gauge, *files));
  }
  return all;
}

}  // namespace liveops::adapters::telemetry
