#include "apps/liveops/service_programs.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "apps/fairness/wiring.hpp"
#include "apps/gateway/wiring.hpp"
#include "apps/leaderboard/wiring.hpp"
#include "apps/progression/wiring.hpp"
#include "apps/wiring/single_service.hpp"

namespace liveops::apps {

namespace {

using adapters::config::Settings;
using Service = core::Result<std::unique_ptr<ServiceApp>>;

Service fairness(Host& host, const Settings& settings, const core::GameRules& rules, ports::EventBus& bus) {
  auto service = FairnessApp::create(host, settings, rules, bus);
  if (!service) return std::unexpected(service.error());
  return std::move(*service);
}

Service gateway(Host& host, const Settings& settings, const core::GameRules& /*rules*/, ports::EventBus& bus) {
  return make_gateway(host, settings, bus, nullptr);
}

/// The last part of the path, without `liveops-`.
std::string_view called_as(std::string_view path) {
  constexpr std::string_view kPrefix = "liveops-";
  auto name = path.substr(path.rfind('/') + 1);  // npos + 1: all of it
  if (name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
  return name;
}

}  // namespace

std::optional<int> run_as_service(int argc, char** argv) {
  const std::map<std::string_view, ServiceMaker> services{{"gateway", gateway},
                                                          {"fairness", fairness},
                                                          {"progression", make_progression},
                                                          {"leaderboard", make_leaderboard}};
  const auto found = argc > 0 ? services.find(called_as(argv[0])) : services.end();
  if (found == services.end()) return std::nullopt;
  return run_single_service(std::string(found->first), found->second, argc, argv);
}

}  // namespace liveops::apps
