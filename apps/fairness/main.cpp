#include "apps/fairness/wiring.hpp"
#include "apps/wiring/single_service.hpp"

int main(int argc, char** argv) {
  namespace apps = liveops::apps;
  const auto make = [](apps::Host& host, const auto& settings, const auto& rules,
                       auto& bus) -> liveops::core::Result<std::unique_ptr<apps::ServiceApp>> {
    auto service = apps::FairnessApp::create(host, settings, rules, bus);
    if (!service) return std::unexpected(service.error());
    return std::move(*service);
  };
  return apps::run_single_service("fairness", make, argc, argv);
}
