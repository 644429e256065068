#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/time.hpp"
#include "ports/log.hpp"

namespace spdlog {
class logger;  // NOLINT(readability-identifier-naming): spdlog's name
}

namespace liveops::adapters::telemetry {

/// JSON lines on stderr, one write a line. Lines of several threads do not mix.
///
/// Callers never hand over a secret or a payload; nothing is redacted here. Threads: any.
class JsonLog final : public ports::Log {
 public:
  /// `clock` outlives the log.
  JsonLog(const core::Clock& clock, std::string service, ports::LogLevel least);
  ~JsonLog() override;

  [[nodiscard]] bool enabled(ports::LogLevel level) const override { return level >= least_; }
  void write(ports::LogLevel level, std::string_view message, std::span<const ports::LogField> fields) override;

 private:
  const core::Clock& clock_;
  std::string service_;
  ports::LogLevel least_;
  std::unique_ptr<spdlog::logger> logger_;
};

/// LOG_LEVEL: debug, info, warn or error, any case; empty is info. Errors: `invalid_argument`.
[[nodiscard]] core::Result<ports::LogLevel> parse_log_level(std::string_view text);

}  // namespace liveops::adapters::telemetry
