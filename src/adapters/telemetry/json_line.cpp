#include "adapters/telemetry/json_line.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace liveops::adapters::telemetry {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::array<std::string_view, 5> kFixedKeys{"time", "level", "service", "message", "trace_id"};

std::string_view name_of(ports::LogLevel level) {
  switch (level) {
    case ports::LogLevel::debug:
      return "debug";
    case ports::LogLevel::info:
      return "info";
    case ports::LogLevel::warn:
      return "warn";
    case ports::LogLevel::error:
      break;
  }
  return "error";
}

/// Bytes of the UTF-8 sequence at the front of `text` (RFC 3629: shortest form, no surrogates); 0 when there is none.
std::size_t utf8_sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool second = follows(1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF);
    return second && follows(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool second = follows(1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF);
    return second && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

void append_escaped(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  const auto code = static_cast<unsigned char>(c);
  if (code >= 0x20 && code != 0x7F) {
    out += c;
  } else {
    out.append("\\u00").append(1, kHex[code >> 4U]).append(1, kHex[code & 15U]);
  }
}

void append_value(std::string& out, std::string_view text) {
  append_json_string(out, text);
}
void append_value(std::string& out, bool value) {
  out += value ? "true" : "false";
}
void append_value(std::string& out, std::int64_t value) {
  out += std::to_string(value);
}
void append_value(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  std::array<char, 32> digits;
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
}

void append_member(std::string& out, std::string_view key, std::string_view value) {
  out.append(",\"").append(key).append("\":");
  append_json_string(out, value);
}

void append_field(std::string& out, const ports::LogField& field) {
  constexpr std::size_t kTraceIdAt = 3;
  constexpr std::size_t kTraceIdSize = 32;
  if (field.key == "traceparent") {
    const auto* text = std::get_if<std::string_view>(&field.value);
    if (text != nullptr && text->size() >= kTraceIdAt + kTraceIdSize) {
      append_member(out, "trace_id", text->substr(kTraceIdAt, kTraceIdSize));
    }
    return;
  }
  out += ',';
  const bool fixed = std::ranges::find(kFixedKeys, field.key) != kFixedKeys.end();
  append_json_string(out, fixed ? "field_" + std::string(field.key) : std::string(field.key));
  out += ':';
  std::visit([&](const auto& value) { append_value(out, value); }, field.value);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t size = utf8_sequence(text);
    if (size == 1) {
      append_escaped(out, text.front());
    } else {
      out += size == 0 ? kReplacement : text.substr(0, size);
    }
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  out += '"';
}

std::string json_line(core::Timestamp time, ports::LogLevel level, std::string_view service, std::string_view message,
                      std::span<const ports::LogField> fields) {
  std::string out = R"({"time":")" + core::format_rfc3339(time) + '"';
  append_member(out, "level", name_of(level));
  append_member(out, "service", service);
  append_member(out, "message", message);
  for (const auto& field : fields) append_field(out, field);
  out += '}';
  return out;
}

}  // namespace liveops::adapters::telemetry
