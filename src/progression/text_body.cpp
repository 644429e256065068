#include "progression/text_body.hpp"

#include "core/json_faults.hpp"
#include "core/json_fields.hpp"

namespace liveops::progression {

namespace json = core::json;
using core::http::Fault;

namespace {

constexpr std::size_t kMaxDepth = 8;

std::string syntax_fault(std::string_view body, const json::Scan& scan, const json::Fields& fields) {
  if (scan.end == json::Scan::End::too_deep) return "is nested too deeply";
  if (scan.end == json::Scan::End::broken) {
    return "is not valid JSON: byte " + std::to_string(scan.consumed) + ": " + scan.why;
  }
  if (scan.consumed != body.size()) return "has text after the end of the JSON value";
  return fields.is_object ? std::string() : "must be a JSON object";
}

}  // namespace

std::expected<TextValues, std::vector<Fault>> read_text_body(std::string_view body, std::span<const TextField> fields) {
  if (json::skip_space(body, 0) == body.size()) {
    return std::unexpected(std::vector{Fault{.pointer = "#", .detail = "is empty: send a JSON object"}});
  }
  std::vector<std::string_view> names;
  for (const TextField& field : fields) names.push_back(field.name);
  core::FaultList faults("#");
  json::Fields found;
  const auto scan = json::scan(body, {.top = names, .nested = {}}, kMaxDepth, found, faults);
  if (auto fault = syntax_fault(body, scan, found); !fault.empty()) {
    return std::unexpected(std::vector{Fault{.pointer = "#", .detail = std::move(fault)}});
  }
  TextValues values(fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const json::Field& field = found.top[i];
    const std::string pointer = "/" + std::string(fields[i].name);
    if (field.kind == json::Kind::string) {
      values[i] = std::string(field.text);
    } else if (field.kind != json::Kind::absent) {
      faults.add(pointer, "must be a string, not " + std::string(json::describe(field.kind)));
    } else if (fields[i].required) {
      faults.add(pointer, "is required");
    }
  }
  if (!faults.empty()) return std::unexpected(faults.take());
  return values;
}

}  // namespace liveops::progression
