#include "apps/progression/wiring.hpp"
#include "apps/wiring/single_service.hpp"

int main(int argc, char** argv) {
  namespace apps = liveops::apps;
  const auto make = [](apps::Host& host, const auto& settings, const auto& rules, auto& bus) {
    return apps::make_progression(host, settings, rules, bus);
  };
  return apps::run_single_service("progression", make, argc, argv);
}
