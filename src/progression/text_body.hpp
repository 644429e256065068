#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/http/problem.hpp"

namespace liveops::progression {

/// One text field of a request body.
struct TextField {
  std::string_view name;
  bool required = true;
};

using TextValues = std::vector<std::optional<std::string>>;

/// Reads a body that is a flat JSON object of texts: one value per field, in order; nullopt where an optional one is
/// absent. Refused with every fault named: anything but an object, bad JSON or UTF-8, unknown or repeated fields,
/// values that are not texts, missing required fields.
[[nodiscard]] std::expected<TextValues, std::vector<core::http::Fault>> read_text_body(
    std::string_view body, std::span<const TextField> fields);

}  // namespace liveops::progression
