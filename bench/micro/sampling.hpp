#pragma once

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <fstream>
#include <vector>

#include "bench/load/quantiles.hpp"
#include "bench/micro/allocations.hpp"

namespace liveops::bench {

using SampleClock = std::chrono::steady_clock;

[[nodiscard]] inline double ns_between(SampleClock::time_point start, SampleClock::time_point end) {
  return std::chrono::duration<double, std::nano>(end - start).count();
}

/// What reading the clock twice costs by itself: the median of many tries.
[[nodiscard]] inline double clock_cost_ns() {
  std::vector<double> samples(10'001);
  for (auto& sample : samples) {
    const auto start = SampleClock::now();
    sample = ns_between(start, SampleClock::now());
  }
  return quantile_of(samples, 0.5);
}

/// Times `count` single calls of `operation` and adds their p50 and p99, less the clock's own cost, as counters.
template <class Operation>
void sample(benchmark::State& state, std::size_t count, Operation operation) {
  const double clock_cost = clock_cost_ns();
  std::vector<double> samples(count);
  for (auto& taken : samples) {
    const auto start = SampleClock::now();
    operation();
    taken = ns_between(start, SampleClock::now()) - clock_cost;
  }
  state.counters["p50_ns"] = quantile_of(samples, 0.5);
  state.counters["p99_ns"] = quantile_of(samples, 0.99);
}

/// Runs `operation` as what is timed; then adds what a call of it allocates, and how many bytes, as counters.
template <class Operation>
void measure(benchmark::State& state, Operation operation) {
  for (auto _ : state) operation();
  constexpr int kCalls = 1000;
  const Allocations before = allocations();
  for (int i = 0; i < kCalls; ++i) operation();
  const Allocations after = allocations();
  state.counters["allocs"] = static_cast<double>(after.count - before.count) / kCalls;
  state.counters["alloc_bytes"] = static_cast<double>(after.bytes - before.bytes) / kCalls;
}

/// Resident bytes of this process.
[[nodiscard]] inline double resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  double size = 0;
  double resident = 0;
  statm >> size >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

}  // namespace liveops::bench
