#include "adapters/telemetry/json_log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>

#include "adapters/telemetry/json_line.hpp"

namespace liveops::adapters::telemetry {

JsonLog::JsonLog(const core::Clock& clock, std::string service, ports::LogLevel least)
    : clock_(clock),
      service_(std::move(service)),
      least_(least),
      logger_(std::make_unique<spdlog::logger>("liveops", std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
  logger_->set_pattern("%v");
  logger_->set_level(spdlog::level::trace);
}

JsonLog::~JsonLog() = default;

void JsonLog::write(ports::LogLevel level, std::string_view message, std::span<const ports::LogField> fields) {
  const auto line = json_line(clock_.now(), level, service_, message, fields);
  logger_->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
}

core::Result<ports::LogLevel> parse_log_level(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (lower == "debug") return ports::LogLevel::debug;
  if (lower == "info" || lower.empty()) return ports::LogLevel::info;
  if (lower == "warn") return ports::LogLevel::warn;
  if (lower == "error") return ports::LogLevel::error;
  return core::fail(core::Errc::invalid_argument, "LOG_LEVEL is " + lower + "; use debug, info, warn or error");
}

}  // namespace liveops::adapters::telemetry
