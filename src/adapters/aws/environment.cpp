#include "adapters/aws/environment.hpp"

#include <cstdlib>
#include <utility>

namespace liveops::adapters::aws {

Environment process_environment() {
  return [](const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return std::string(value == nullptr ? "" : value);
  };
}

Environment fixed_environment(std::map<std::string, std::string> variables) {
  return [held = std::move(variables)](const std::string& name) {
    const auto found = held.find(name);
    return found == held.end() ? std::string() : found->second;
  };
}

}  // namespace liveops::adapters::aws
