#include "apps/gateway/wiring.hpp"
#include "apps/wiring/single_service.hpp"

int main(int argc, char** argv) {
  namespace apps = liveops::apps;
  const auto make = [](apps::Host& host, const auto& settings, const auto&, auto& bus) {
    return apps::make_gateway(host, settings, bus, nullptr);
  };
  return apps::run_single_service("gateway", make, argc, argv);
}
