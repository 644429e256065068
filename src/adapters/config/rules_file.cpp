#include "adapters/config/rules_file.hpp"

#include <fstream>

#include "adapters/config/rules_sections.hpp"
#include "adapters/config/toml_table.hpp"

namespace liveops::adapters::config {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{4} << 20U;
constexpr std::string_view kUsualPath = "config/liveops.toml";

/// The message of the TOML parser without line breaks.
std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return line;
}

core::GameRules read_game(const toml::table& document, TomlFault& fault) {
  core::GameRules rules;
  TomlTable root(document, "", fault);
  rules.windows = read_windows(root);
  rules.levels = read_levels(root);
  rules.bosses = read_bosses(root);
  rules.boards = read_boards(root, rules.bosses);
  rules.rewards = read_rewards(root, rules.bosses);
  rules.fairness = read_fairness(root);
  root.finish();
  return rules;
}

}  // namespace

core::Result<core::GameRules> parse_rules(std::string_view text, std::string_view name) {
  TomlFault fault{std::string(name)};
  try {
    const toml::table document = toml::parse(text, name);
    auto rules = read_game(document, fault);
    if (fault.any()) return core::fail(core::Errc::invalid_argument, fault.line());
    return rules;
  } catch (const toml::parse_error& error) {
    return core::fail(core::Errc::invalid_argument, std::string(name) + ":" +
                                                        std::to_string(error.source().begin.line) +
                                                        ": syntax: " + one_line(error.description()));
  }
}

core::Result<core::GameRules> load_rules(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string name = path.string();
  if (!file || std::filesystem::is_directory(path)) {
    return core::fail(core::Errc::not_found, name + ": cannot be read: set RULES_FILE to a file that exists");
  }
  std::string text(kMaxFileBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kMaxFileBytes) {
    return core::fail(core::Errc::invalid_argument, name + ": is larger than 4 MiB: this cannot be a rules file");
  }
  return parse_rules(text, name);
}

core::Result<core::GameRules> load_rules_or_default(const std::filesystem::path& path) {
  if (!path.empty()) return load_rules(path);
  std::error_code ignored;
  if (std::filesystem::exists(kUsualPath, ignored)) return load_rules(kUsualPath);
  return parse_rules(built_in_rules(), "built-in liveops.toml");
}

}  // namespace liveops::adapters::config
