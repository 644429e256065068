#pragma once

#include <array>
#include <string>

#include "adapters/redis/client/request.hpp"
#include "core/error.hpp"
#include "ports/metrics.hpp"

namespace liveops::adapters::redis {

/// What a client counts; see Client. Threads: any.
class ClientMetrics {
 public:
  ClientMetrics(ports::Metrics& metrics, const std::string& client);

  void connected(bool first);
  void disconnected();
  /// A call of so many commands ended.
  void ended(const Request::Outcome& outcome, std::size_t commands, std::chrono::duration<double> took);

 private:
  static constexpr std::size_t kErrors = static_cast<std::size_t>(core::Errc::internal) + 1;

  ports::Gauge& connected_;
  ports::Counter& reconnects_;
  ports::Histogram& duration_;
  ports::Counter& ok_;
  std::array<ports::Counter*, kErrors> failed_{};  // by Errc
};

}  // namespace liveops::adapters::redis
