#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "core/error.hpp"
#include "ports/metrics.hpp"

namespace liveops::adapters::postgres {

/// What a pool tells of itself. Threads: any.
class PoolMetrics {
 public:
  PoolMetrics(ports::Metrics& metrics, const std::string& pool);

  void connections(std::size_t idle, std::size_t busy, std::size_t waiting);
  void retried() { retries_.add(); }
  /// A transaction ended; an error of its own making (not found, conflict) counts as `refused`, any other as `failed`.
  void finished(const core::Status& outcome, std::chrono::steady_clock::duration took);

 private:
  ports::Gauge& idle_;
  ports::Gauge& busy_;
  ports::Gauge& waiting_;
  ports::Counter& committed_;
  ports::Counter& refused_;
  ports::Counter& failed_;
  ports::Counter& retries_;
  ports::Histogram& duration_;
};

}  // namespace liveops::adapters::postgres
