#pragma once

#include <string>
#include <utility>
#include <vector>

namespace liveops::adapters::aws {

/// application/x-www-form-urlencoded, as AWS' query protocol has it.
[[nodiscard]] std::string encode_form(const std::vector<std::pair<std::string, std::string>>& fields);

}  // namespace liveops::adapters::aws
