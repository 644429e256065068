#include "adapters/config/simulation_file.hpp"

#include <fstream>
#include <iterator>
#include <map>
#include <utility>

#include "adapters/config/toml_table.hpp"

namespace liveops::adapters::config {
namespace {

constexpr std::size_t kMaxBosses = 100;
constexpr double kLargest = 1e15;

std::vector<simulation::BossParameters> read_bosses(TomlTable& root,
                                                    std::vector<simulation::BossParameters> otherwise) {
  if (!root.has("bosses")) return otherwise;
  std::vector<simulation::BossParameters> bosses;
  for (TomlTable& table : root.tables("bosses", kMaxBosses)) {
    simulation::BossParameters boss;
    boss.id = table.required_name<core::BossId>("id").str();
    boss.xp = table.number("xp", boss.xp, 1, kLargest);
    boss.score = table.number("score", boss.score, 1, kLargest);
    boss.duration_s = table.number("duration_s", boss.duration_s, 0.001, kLargest);
    table.finish();
    bosses.push_back(std::move(boss));
  }
  return bosses;
}

simulation::Parameters read_parameters(const toml::table& document, TomlFault& fault) {
  simulation::Parameters parameters;
  TomlTable root(document, "", fault);
  std::map<std::string_view, TomlTable> sections;
  for (const simulation::ParameterInfo& info : simulation::parameter_table()) {
    auto at = sections.find(info.section);
    if (at == sections.end()) at = sections.emplace(info.section, root.table(info.section)).first;
    double& value = parameters.*info.member;
    value = at->second.number(info.key, value, info.min, info.max);
  }
  for (auto& [name, section] : sections) section.finish();
  parameters.bosses = read_bosses(root, std::move(parameters.bosses));
  root.finish();
  return parameters;
}

}  // namespace

core::Result<simulation::Parameters> parse_simulation(std::string_view text, std::string_view name) {
  TomlFault fault{std::string(name)};
  try {
    auto parameters = read_parameters(toml::parse(text, name), fault);
    if (fault.any()) return core::fail(core::Errc::invalid_argument, fault.line());
    if (const auto fits = simulation::check(parameters); !fits) {
      return core::fail(core::Errc::invalid_argument, std::string(name) + ": " + fits.error().message);
    }
    return parameters;
  } catch (const toml::parse_error& error) {
    return core::fail(core::Errc::invalid_argument, std::string(name) + ":" +
                                                        std::to_string(error.source().begin.line) +
                                                        ": syntax: " + std::string(error.description()));
  }
}

core::Result<simulation::Parameters> load_simulation(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) {
    return core::fail(core::Errc::not_found, path.string() + ": cannot be read");
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return parse_simulation(text, path.string());
}

}  // namespace liveops::adapters::config
