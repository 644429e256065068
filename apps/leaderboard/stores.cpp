#include "apps/leaderboard/stores.hpp"

#include <filesystem>
#include <utility>

#include "adapters/memory/leaderboard/leases.hpp"
#include "adapters/redis/leaderboard/rank_index.hpp"
#include "adapters/store_postgres/leaderboard/timed_leases.hpp"
#include "apps/host/blocking.hpp"
#include "apps/wiring/start_up.hpp"

namespace liveops::apps {

namespace {

using adapters::config::Settings;

/// leaderboard.db as a dependency of /readyz.
class StoreHealth final : public ports::HealthCheck {
 public:
  explicit StoreHealth(ports::StandingStore& store) : store_(store) {}
  [[nodiscard]] std::string name() const override { return "store"; }
  [[nodiscard]] ports::Task<void> check() override {
    const auto tables = co_await store_.tables(true);
    if (!tables) co_return std::unexpected(tables.error());
    co_return core::Status{};
  }

 private:
  ports::StandingStore& store_;
};

core::Status open_postgres(Host& host, ServiceShell& shell, const Settings& settings, LeaderboardStores& stores) {
  using adapters::store_postgres::leaderboard::LeaderboardStore;
  auto pool = make_pool(shell, settings);
  if (!pool) return std::unexpected(pool.error());
  stores.pool = std::move(*pool);
  auto store = try_for_a_while(shell.log(), "PostgreSQL",
                               [&] { return wait_for(host.io.background(), LeaderboardStore::open(*stores.pool)); });
  if (!store) return std::unexpected(store.error());
  stores.in_postgres = std::move(*store);
  stores.leases = std::make_unique<adapters::store_postgres::leaderboard::TimedLeases>(stores.in_postgres->leases(),
                                                                                       *stores.pool, host.clock);
  stores.health.push_back(std::make_unique<PoolHealth>(*stores.pool));
  return {};
}

core::Status open_sqlite(Host& host, const Settings& settings, LeaderboardStores& stores) {
  using adapters::store_sqlite::leaderboard::LeaderboardStore;
  auto store = LeaderboardStore::open(std::filesystem::path(settings.sqlite_dir()) / "leaderboard.db", {});
  if (!store) return std::unexpected(store.error());
  stores.in_sqlite = std::move(*store);
  stores.leases = std::make_unique<adapters::memory::Leases>(host.clock);
  stores.health.push_back(std::make_unique<StoreHealth>(stores.standings()));
  return {};
}

core::Status open_index(Host& host, ServiceShell& shell, const Settings& settings, LeaderboardStores& stores) {
  if (settings.redis_url.empty()) {
    auto index = std::make_unique<adapters::memory::RankIndex>();
    stores.index_in_memory = index.get();
    stores.index = std::move(index);
    return {};
  }
  auto client = connect_redis(host, shell, settings);
  if (!client) return std::unexpected(client.error());
  stores.redis = std::move(*client);
  stores.index = std::make_unique<adapters::redis::leaderboard::RankIndex>(*stores.redis);
  stores.health.push_back(std::make_unique<RedisHealth>(*stores.redis, true));
  return {};
}

}  // namespace

ports::StandingStore& LeaderboardStores::standings() const {
  return in_postgres ? in_postgres->standings() : in_sqlite->standings();
}

ports::SnapshotStore& LeaderboardStores::snapshots() const {
  return in_postgres ? in_postgres->snapshots() : in_sqlite->snapshots();
}

ports::VisibilityStore& LeaderboardStores::visibility() const {
  return in_postgres ? in_postgres->visibility() : in_sqlite->visibility();
}

ports::RevisionStore& LeaderboardStores::revisions() const {
  return in_postgres ? in_postgres->revisions() : in_sqlite->revisions();
}

core::Result<LeaderboardStores> open_leaderboard_stores(Host& host, ServiceShell& shell, const Settings& settings) {
  LeaderboardStores stores;
  const bool sqlite = settings.database_kind() == adapters::config::DatabaseKind::sqlite;
  auto opened = sqlite ? open_sqlite(host, settings, stores) : open_postgres(host, shell, settings, stores);
  if (opened) opened = open_index(host, shell, settings, stores);
  if (!opened) return std::unexpected(opened.error());
  return stores;
}

}  // namespace liveops::apps
