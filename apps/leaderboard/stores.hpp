#pragma once

#include <memory>
#include <vector>

#include "adapters/config/settings.hpp"
#include "adapters/memory/leaderboard/rank_index.hpp"
#include "adapters/store_postgres/leaderboard/leaderboard_store.hpp"
#include "adapters/store_sqlite/leaderboard/leaderboard_store.hpp"
#include "apps/wiring/servers.hpp"
#include "ports/lease.hpp"
#include "ports/rank_index.hpp"

namespace liveops::apps {

/// Where the leaderboard keeps what it knows. What others stand on comes first.
struct LeaderboardStores {
  std::unique_ptr<adapters::postgres::Pool> pool;  // null: SQLite
  std::unique_ptr<adapters::redis::Client> redis;  // null: ranks in this process
  // One of these two is null.
  std::unique_ptr<adapters::store_postgres::leaderboard::LeaderboardStore> in_postgres;
  std::unique_ptr<adapters::store_sqlite::leaderboard::LeaderboardStore> in_sqlite;
  std::unique_ptr<ports::Leases> leases;
  std::unique_ptr<ports::RankIndex> index;
  const adapters::memory::RankIndex* index_in_memory = nullptr;  // `index`, where it is one
  std::vector<std::unique_ptr<ports::HealthCheck>> health;

  [[nodiscard]] ports::StandingStore& standings() const;
  [[nodiscard]] ports::SnapshotStore& snapshots() const;
  [[nodiscard]] ports::VisibilityStore& visibility() const;
  [[nodiscard]] ports::RevisionStore& revisions() const;
};

/// As DB_URL and REDIS_URL say. Errors: one line for the operator.
[[nodiscard]] core::Result<LeaderboardStores> open_leaderboard_stores(Host& host, ServiceShell& shell,
                                                                      const adapters::config::Settings& settings);

}  // namespace liveops::apps
