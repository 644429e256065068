#include "apps/progression/stores.hpp"

#include <utility>

#include "adapters/memory/progression/progress_cache.hpp"
#include "adapters/redis/progression/progress_cache.hpp"
#include "adapters/store_postgres/progression/progress_store.hpp"
#include "adapters/store_postgres/progression/progression_database.hpp"
#include "adapters/store_postgres/progression/reward_store.hpp"
#include "adapters/store_sqlite/progression/progress_store.hpp"
#include "adapters/store_sqlite/progression/progression_database.hpp"
#include "adapters/store_sqlite/progression/reward_store.hpp"
#include "apps/host/blocking.hpp"
#include "apps/wiring/start_up.hpp"

namespace liveops::apps {

namespace {

using adapters::config::Settings;
namespace postgres = adapters::store_postgres::progression;
namespace sqlite = adapters::store_sqlite::progression;

constexpr std::size_t kCachedPlayers = 100'000;

/// Both kinds of stores stand on a database of the same shape.
template <class Progress, class Rewards, class Database>
void stand_on(ProgressionStores& stores, std::unique_ptr<Database> database) {
  stores.progress = std::make_unique<Progress>(*database);
  stores.rewards = std::make_unique<Rewards>(*database);
  stores.database = std::move(database);
}

core::Status open_postgres(Host& host, ServiceShell& shell, const Settings& settings, ProgressionStores& stores) {
  auto pool = make_pool(shell, settings);
  if (!pool) return std::unexpected(pool.error());
  stores.pool = std::move(*pool);
  auto database = try_for_a_while(shell.log(), "PostgreSQL", [&] {
    return wait_for(host.io.background(), postgres::ProgressionDatabase::open(*stores.pool));
  });
  if (!database) return std::unexpected(database.error());
  stand_on<postgres::ProgressStore, postgres::RewardStore>(stores, std::move(*database));
  return {};
}

core::Status open_sqlite(const Settings& settings, ProgressionStores& stores) {
  auto database = sqlite::ProgressionDatabase::open(settings.sqlite_dir());
  if (!database) return std::unexpected(database.error());
  stand_on<sqlite::ProgressStore, sqlite::RewardStore>(stores, std::move(*database));
  return {};
}

core::Status open_cache(Host& host, ServiceShell& shell, const Settings& settings, ProgressionStores& stores) {
  if (settings.redis_url.empty()) {
    stores.cache = std::make_unique<adapters::memory::progression::ProgressCache>(kCachedPlayers);
    return {};
  }
  auto client = connect_redis(host, shell, settings);
  if (!client) return std::unexpected(client.error());
  stores.redis = std::move(*client);
  stores.redis_health = std::make_unique<RedisHealth>(*stores.redis, false);  // the database has all that the cache has
  stores.cache =
      std::make_unique<adapters::redis::ProgressCache>(*stores.redis, adapters::redis::ProgressCache::Options());
  return {};
}

}  // namespace

std::vector<ports::HealthCheck*> ProgressionStores::checks() const {
  std::vector<ports::HealthCheck*> all{database.get()};
  if (redis_health) all.push_back(redis_health.get());
  return all;
}

core::Result<ProgressionStores> open_progression_stores(Host& host, ServiceShell& shell, const Settings& settings) {
  ProgressionStores stores;
  const bool sqlite = settings.database_kind() == adapters::config::DatabaseKind::sqlite;
  auto opened = sqlite ? open_sqlite(settings, stores) : open_postgres(host, shell, settings, stores);
  if (opened) opened = open_cache(host, shell, settings, stores);
  if (!opened) return std::unexpected(opened.error());
  return stores;
}

}  // namespace liveops::apps
