#include "apps/host/command_line.hpp"

#include <iostream>
#include <string>

namespace liveops::apps {

int complain(const core::Error& error, ExitCode code) {
  std::cerr << "liveops: " << error.message << "\n";
  return code;
}

void add_setting_flags(CLI::App& command, adapters::config::Values& flags) {
  for (const auto& setting : adapters::config::setting_table()) {
    std::string help = std::string(setting.help) + " [" + std::string(setting.env);
    if (!setting.default_text.empty()) help += ", default " + std::string(setting.default_text);
    const std::string name(setting.env);
    command
        .add_option_function<std::string>(
            std::string(setting.flag), [&flags, name](const std::string& value) { flags[name] = value; }, help + "]")
        ->group("Settings");
  }
}

core::Result<adapters::config::Values> gather_values(const adapters::config::Values& flags) {
  auto values = adapters::config::read_environment(".env");
  if (!values) return values;
  for (const auto& [name, value] : flags) (*values)[name] = value;
  return values;
}

bool lacks_signing_keys(const adapters::config::Values& values) {
  for (const char* name : {"HMAC_SECRET", "HMAC_KEYS"}) {
    const auto found = values.find(name);
    if (found != values.end() && !found->second.empty()) return false;
  }
  return true;
}

}  // namespace liveops::apps
