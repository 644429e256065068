#include "tests/contract/leaderboard/postgres_stores.hpp"

#include <mutex>
#include <vector>

#include "tests/support/run_task.hpp"
#include "tests/support/servers/pgbouncer.hpp"
#include "tests/support/servers/postgres_server.hpp"

namespace liveops::contract {

namespace {

/// Databases that no fixture uses any more: making one, and removing its files, takes longer than most cases.
class SpareDatabases {
 public:
  /// One without the schema.
  std::string take() {
    std::unique_lock lock(mutex_);
    if (spare_.empty()) return test::shared_postgres().make_database();
    std::string database = std::move(spare_.back());
    spare_.pop_back();
    lock.unlock();
    test::shared_postgres().execute(database, "DROP SCHEMA IF EXISTS leaderboard CASCADE");
    return database;
  }
  void give(std::string database) {
    const std::lock_guard lock(mutex_);
    spare_.push_back(std::move(database));
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> spare_;
};

SpareDatabases& spare_databases() {
  static SpareDatabases databases;
  return databases;
}

test::PgBouncer& shared_pgbouncer() {
  static test::PgBouncer bouncer(test::shared_postgres());
  return bouncer;
}

}  // namespace

PostgresStores::PostgresStores(Way way) : PostgresStores(spare_databases().take(), way) {
  owns_database_ = true;
}

PostgresStores::PostgresStores(std::string database, Way way) : database_(std::move(database)), way_(way) {
  reopen();
}

PostgresStores::~PostgresStores() {
  store_.reset();
  pool_.reset();
  if (owns_database_) spare_databases().give(std::move(database_));
}

void PostgresStores::pass(std::chrono::milliseconds time) {
  execute("UPDATE leaderboard.leases SET expires_at = expires_at - interval '" + std::to_string(time.count()) +
          " milliseconds'");
}

void PostgresStores::reopen() {
  store_.reset();
  adapters::postgres::PoolOptions options;
  options.url = way_ == Way::direct ? test::shared_postgres().url(database_) : shared_pgbouncer().url(database_);
  options.prepare = way_ == Way::direct;
  options.name = "leaderboard";
  options.max_connections = 4;
  pool_ = adapters::postgres::Pool::create(std::move(options), log_, metrics_).value();
  using adapters::store_postgres::leaderboard::LeaderboardStore;
  store_ = test::run(LeaderboardStore::open(*pool_)).value();
}

std::vector<std::string> PostgresStores::execute(const std::string& sql) const {
  return test::shared_postgres().execute(database_, sql);
}

}  // namespace liveops::contract
