#pragma once

#include <memory>

#include "adapters/config/settings.hpp"
#include "apps/host/service_app.hpp"
#include "ports/event_bus.hpp"
#include "ports/fairness_check.hpp"

namespace liveops::apps {

/// The gateway with its parts: idempotency in memory on the `inmem` bus, else durable below `settings.data_dir`.
/// Errors: one line for the operator.
[[nodiscard]] core::Result<std::unique_ptr<ServiceApp>> make_gateway(Host& host,
                                                                     const adapters::config::Settings& settings,
                                                                     ports::EventBus& bus,
                                                                     ports::FairnessCheck& fairness);

}  // namespace liveops::apps
