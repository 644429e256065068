#pragma once

#include <functional>
#include <map>
#include <string>

namespace liveops::adapters::aws {

/// Gives an environment variable; empty when it is not set.
using Environment = std::function<std::string(const std::string& name)>;

[[nodiscard]] Environment process_environment();
[[nodiscard]] Environment fixed_environment(std::map<std::string, std::string> variables);

}  // namespace liveops::adapters::aws
