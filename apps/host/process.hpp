#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/config/settings.hpp"
#include "apps/host/service_app.hpp"
#include "core/auth/authenticator.hpp"

namespace liveops::apps {

/// What belongs to the whole process: clock, keys, threads. Services are made on its `host()`.
///
/// Threads: one.
class Process {
 public:
  /// Errors: `invalid_argument` (keys).
  [[nodiscard]] static core::Result<std::unique_ptr<Process>> create(const adapters::config::Settings& settings);

  [[nodiscard]] Host& host() { return host_; }
  [[nodiscard]] ports::Log& log() { return log_; }

  /// Prepares the services in order, then opens their ports in order. Errors: one line for the operator.
  [[nodiscard]] core::Status start(const std::vector<ServiceApp*>& services);

  /// Reads the rules again and puts them in force in every service, or in none; says in the log how it went.
  void reload(const std::vector<ServiceApp*>& services);

  /// /readyz says no at once, listeners close, requests in flight finish, consumers end. False: something had not
  /// ended by the deadline.
  [[nodiscard]] bool stop(const std::vector<ServiceApp*>& services);

 private:
  Process(const adapters::config::Settings& settings, core::auth::KeyRing keys);
  [[nodiscard]] core::Status load_and_plan(const std::vector<ServiceApp*>& services,
                                           std::vector<std::function<void()>>& commits) const;

  const adapters::config::Settings& settings_;
  core::SystemClock clock_;
  core::auth::SignatureVerifier verifier_;
  core::auth::Authenticator authenticator_;
  IoThreads io_;
  adapters::telemetry::PrometheusMetrics shared_metrics_;
  Host host_;
  adapters::telemetry::JsonLog log_;
};

}  // namespace liveops::apps
