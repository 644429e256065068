#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "adapters/postgres/pool.hpp"
#include "adapters/store_postgres/leaderboard/leaderboard_store.hpp"
#include "tests/contract/leaderboard/adapters.hpp"
#include "tests/support/recording_metrics.hpp"

namespace liveops::contract {

/// The stores of one replica in a PostgreSQL database. Who made the database outlives the other replicas.
class PostgresStores final : public StoresFixture {
 public:
  /// How it gets to the server: at once, or through a PgBouncer in transaction mode, without prepared statements.
  enum class Way : std::uint8_t { direct, pgbouncer };

  /// In a database of its own, or as one more replica in another's.
  explicit PostgresStores(Way way = Way::direct);
  explicit PostgresStores(std::string database, Way way = Way::direct);
  ~PostgresStores() override;

  ports::StandingStore& standings() override { return store_->standings(); }
  ports::SnapshotStore& snapshots() override { return store_->snapshots(); }
  ports::VisibilityStore& visibility() override { return store_->visibility(); }
  ports::RevisionStore& revisions() override { return store_->revisions(); }
  ports::Leases& leases() override { return store_->leases(); }
  [[nodiscard]] adapters::postgres::Pool& pool() { return *pool_; }
  void pass(std::chrono::milliseconds time) override;
  void reopen() override;

  [[nodiscard]] const std::string& database() const { return database_; }
  /// Runs SQL beside the stores; gives the first column.
  std::vector<std::string> execute(const std::string& sql) const;

 private:
  std::string database_;
  Way way_;
  bool owns_database_ = false;
  test::SilentLog log_;
  test::RecordingMetrics metrics_;
  std::unique_ptr<adapters::postgres::Pool> pool_;
  std::unique_ptr<adapters::store_postgres::leaderboard::LeaderboardStore> store_;
};

}  // namespace liveops::contract
