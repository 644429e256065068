#pragma once

#include <memory>

#include "adapters/config/settings.hpp"
#include "adapters/postgres/pool.hpp"
#include "adapters/telemetry/json_log.hpp"
#include "adapters/telemetry/prometheus_metrics.hpp"
#include "core/time.hpp"
#include "ports/progress_books.hpp"
#include "ports/standing_books.hpp"

namespace liveops::apps {

/// The books of both services in the database that the settings name, opened beside servers that may be running.
class OpenBooks {
 public:
  OpenBooks();

  /// Errors: `invalid_argument` (DB_URL), `not_found` (SQLite: there is no such file), `unavailable`, `corrupt`.
  [[nodiscard]] core::Status open(const adapters::config::Settings& settings);

  /// Require: opened.
  [[nodiscard]] ports::ProgressBooks& progress() { return *progress_; }
  [[nodiscard]] ports::StandingBooks& standings() { return *standings_; }
  [[nodiscard]] const core::Clock& clock() const { return clock_; }

 private:
  [[nodiscard]] core::Status open_files(const adapters::config::Settings& settings);
  [[nodiscard]] core::Status open_postgres(const adapters::config::Settings& settings);

  core::SystemClock clock_;
  adapters::telemetry::JsonLog log_;
  adapters::telemetry::PrometheusMetrics metrics_;
  std::unique_ptr<adapters::postgres::Pool> pool_;
  std::unique_ptr<ports::ProgressBooks> progress_;
  std::unique_ptr<ports::StandingBooks> standings_;
};

}  // namespace liveops::apps
