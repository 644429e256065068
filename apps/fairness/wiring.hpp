#pragma once

#include <memory>

#include "adapters/config/settings.hpp"
#include "apps/host/service_app.hpp"
#include "ports/event_bus.hpp"
#include "ports/fairness_check.hpp"

namespace liveops::apps {

/// Fairness with its parts, ready to `prepare`.
class FairnessApp : public ServiceApp {
 public:
  /// Opens the store that `settings.db_url` names (SQLite below its directory, or PostgreSQL) and starts from the
  /// checkpoint of baselines in the data directory, where there is one. Requires: the io threads run. Errors: one line
  /// for the operator.
  [[nodiscard]] static core::Result<std::unique_ptr<FairnessApp>> create(Host& host,
                                                                         const adapters::config::Settings& settings,
                                                                         const core::GameRules& rules,
                                                                         ports::EventBus& bus);
  /// What a gateway of the same process asks.
  [[nodiscard]] virtual ports::FairnessCheck& check() = 0;
};

}  // namespace liveops::apps
