#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/time.hpp"
#include "ports/log.hpp"

namespace liveops::adapters::telemetry {

/// One log line as a JSON object, without the line end: {"time","level","service","message","trace_id"?, fields...}.
///
/// Always valid JSON and UTF-8, whatever bytes come in: what is no UTF-8 becomes U+FFFD, numbers that JSON lacks become
/// null. A field "traceparent" appears as "trace_id"; a field named like one of the fixed ones gets the prefix
/// "field_". Requires: field keys differ.
[[nodiscard]] std::string json_line(core::Timestamp time, ports::LogLevel level, std::string_view service,
                                    std::string_view message, std::span<const ports::LogField> fields);

/// Appends `text` as a JSON string, quotes included.
void append_json_string(std::string& out, std::string_view text);

}  // namespace liveops::adapters::telemetry
