#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/http/operations.hpp"
#include "adapters/http/router.hpp"
#include "adapters/http/server.hpp"
#include "adapters/telemetry/json_log.hpp"
#include "adapters/telemetry/prometheus_metrics.hpp"
#include "apps/host/background.hpp"
#include "apps/host/io_threads.hpp"
#include "core/auth/authenticator.hpp"
#include "core/time.hpp"
#include "ports/health.hpp"
#include "ports/route.hpp"

namespace liveops::apps {

/// How often the bus is bothered. `wait`, `hold_for`: of consumers, see runtime::BatchConsumer::Options.
struct BusPace {
  std::chrono::milliseconds wait{1000};
  std::chrono::milliseconds hold_for{0};
  std::chrono::milliseconds well_for{0};  // /readyz believes a good answer for so long
};

/// What the services of one process share. Must outlive them.
struct Host {
  const core::Clock& clock;
  const core::auth::Authenticator& authenticator;
  IoThreads& io;
  adapters::telemetry::PrometheusMetrics& shared_metrics;  // of what serves several services: every /metrics shows them
  ports::LogLevel log_level = ports::LogLevel::info;
  adapters::http::ServerLimits limits;
  std::optional<adapters::http::TlsFiles> tls;
  int max_in_flight = 2000;
  BusPace pace;
};

/// Host and port to listen on.
struct ListenAddress {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
};

/// What every service has besides its own parts: log, metrics, readiness, an HTTP server and background coroutines.
///
/// Threads: one.
class ServiceShell {
 public:
  ServiceShell(Host& host, std::string name);

  [[nodiscard]] ports::Log& log() { return log_; }
  [[nodiscard]] ports::Metrics& metrics() { return metrics_; }
  [[nodiscard]] Background& background() { return background_; }
  [[nodiscard]] const std::string& name() const { return name_; }

  /// Serves `routes` and the operations routes. Errors: as Server::start, with the address in the message.
  [[nodiscard]] core::Status listen(const ListenAddress& address, std::vector<ports::Route> routes,
                                    std::vector<ports::HealthCheck*> checks);
  /// "http://127.0.0.1:8080"; empty before `listen`.
  [[nodiscard]] const std::string& url() const { return url_; }

  /// From now on /readyz says no.
  void drain() { readiness_.set_draining(); }
  /// Ends connections as Server::stop; false when a request outlived the deadline. Requires: the io threads run.
  [[nodiscard]] std::future<bool> stop_listening(std::chrono::milliseconds deadline);

 private:
  Host& host_;
  std::string name_;
  adapters::telemetry::JsonLog log_;
  adapters::telemetry::PrometheusMetrics metrics_;
  adapters::http::Readiness readiness_;
  std::unique_ptr<adapters::http::Router> router_;
  std::unique_ptr<adapters::http::Server> server_;
  Background background_;
  std::string url_;
};

}  // namespace liveops::apps
