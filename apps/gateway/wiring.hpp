#pragma once

#include <memory>

#include "adapters/config/settings.hpp"
#include "apps/host/service_app.hpp"
#include "ports/event_bus.hpp"
#include "ports/fairness_check.hpp"

namespace liveops::apps {

/// The gateway with its parts; where it keeps idempotency keys: `open_key_store`. `fairness`: of the same process;
/// null: that of FAIRNESS_URL is asked. Errors: one line for the operator (`invalid_argument`: a setting).
[[nodiscard]] core::Result<std::unique_ptr<ServiceApp>> make_gateway(Host& host,
                                                                     const adapters::config::Settings& settings,
                                                                     ports::EventBus& bus,
                                                                     ports::FairnessCheck* fairness);

}  // namespace liveops::apps
