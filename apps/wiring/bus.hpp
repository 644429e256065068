#pragma once

#include <memory>

#include "adapters/config/settings.hpp"
#include "apps/host/service_shell.hpp"
#include "ports/dead_letters.hpp"
#include "ports/event_bus.hpp"

namespace liveops::apps {

/// The consumer groups of the services.
inline constexpr const char* kProgressionGroup = "progression";
inline constexpr const char* kLeaderboardGroup = "leaderboard";
// fairness reads events as fairness::async::Tier::kGroup, the gateway as gateway::KeyKeeper::kGroup.

/// The bus that the settings name, with all groups that such a system has; below `state_dir` for `local`. Blocks until
/// the server is there, for at most `kStartPatience`.
/// Errors: `invalid_argument` (a setting; a queue or subscription that is not there), `unavailable`, `unauthenticated`,
/// `forbidden`; one line for the operator.
[[nodiscard]] core::Result<std::unique_ptr<ports::EventBus>> open_bus(Host& host,
                                                                      const adapters::config::Settings& settings,
                                                                      ports::Log& log);

/// The dead letters of that bus, for a tool beside the services: it makes no groups and removes nothing.
/// Errors: as `open_bus`; `invalid_argument` (a bus that keeps none).
[[nodiscard]] core::Result<std::unique_ptr<ports::DeadLetters>> open_dead_letters(
    const adapters::config::Settings& settings, const core::Clock& clock, ports::Log& log, ports::Metrics& metrics);

}  // namespace liveops::apps
