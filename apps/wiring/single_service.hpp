#pragma once

#include <functional>
#include <memory>
#include <string>

#include "adapters/config/settings.hpp"
#include "apps/host/service_app.hpp"
#include "core/rules.hpp"
#include "ports/event_bus.hpp"

namespace liveops::apps {

/// Makes the service. Errors: one line for the operator; `invalid_argument`: a setting.
using ServiceMaker = std::function<core::Result<std::unique_ptr<ServiceApp>>(
    Host& host, const adapters::config::Settings& settings, const core::GameRules& rules, ports::EventBus& bus)>;

/// The executable of one service, which meets the others on the bus, in PostgreSQL and in Redis: checks its
/// configuration, serves until SIGTERM. Gives the exit code.
int run_single_service(const std::string& name, const ServiceMaker& make, int argc, char** argv);

}  // namespace liveops::apps
