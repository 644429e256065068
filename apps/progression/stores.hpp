#pragma once

#include <memory>
#include <vector>

#include "adapters/config/settings.hpp"
#include "apps/wiring/servers.hpp"
#include "ports/health.hpp"
#include "ports/progress_cache.hpp"
#include "ports/progress_store.hpp"
#include "ports/reward_store.hpp"

namespace liveops::apps {

/// Where progression keeps what it knows. What others stand on comes first.
struct ProgressionStores {
  std::unique_ptr<adapters::postgres::Pool> pool;  // null: SQLite
  std::unique_ptr<adapters::redis::Client> redis;  // null: the cache is in this process
  std::unique_ptr<ports::HealthCheck> database;
  std::unique_ptr<ports::HealthCheck> redis_health;  // null with `redis`
  std::unique_ptr<ports::ProgressStore> progress;
  std::unique_ptr<ports::RewardStore> rewards;
  std::unique_ptr<ports::ProgressCache> cache;

  [[nodiscard]] std::vector<ports::HealthCheck*> checks() const;
};

/// As DB_URL and REDIS_URL say. Errors: one line for the operator.
[[nodiscard]] core::Result<ProgressionStores> open_progression_stores(Host& host, ServiceShell& shell,
                                                                      const adapters::config::Settings& settings);

}  // namespace liveops::apps
