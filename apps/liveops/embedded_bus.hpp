#pragma once

#include <memory>

#include "adapters/config/settings.hpp"
#include "core/time.hpp"
#include "ports/event_bus.hpp"
#include "ports/log.hpp"

namespace liveops::apps {

/// The bus of an embedded process: `local` (durable, below settings.data_dir) or `inmem`.
/// Errors: `invalid_argument` (another kind: it needs a server, and this command has none), as EventBus::open.
[[nodiscard]] core::Result<std::unique_ptr<ports::EventBus>> open_embedded_bus(
    const adapters::config::Settings& settings, const core::Clock& clock, ports::Log& log);

}  // namespace liveops::apps
