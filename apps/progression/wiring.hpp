#pragma once

#include <memory>

#include "adapters/config/settings.hpp"
#include "apps/host/service_app.hpp"
#include "ports/event_bus.hpp"

namespace liveops::apps {

/// Progression with its parts, on the stores that DB_URL and REDIS_URL name. Errors: one line for the operator.
[[nodiscard]] core::Result<std::unique_ptr<ServiceApp>> make_progression(Host& host,
                                                                         const adapters::config::Settings& settings,
                                                                         const core::GameRules& rules,
                                                                         ports::EventBus& bus);

}  // namespace liveops::apps
