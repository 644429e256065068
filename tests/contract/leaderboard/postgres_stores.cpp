#include "tests/contract/leaderboard/postgres_stores.hpp"

#include "tests/support/run_task.hpp"
#include "tests/support/servers/postgres_server.hpp"

namespace liveops::contract {

PostgresStores::PostgresStores() : PostgresStores(test::shared_postgres().make_database()) {}

PostgresStores::PostgresStores(std::string database) : database_(std::move(database)) {
  reopen();
}

void PostgresStores::pass(std::chrono::milliseconds time) {
  execute("UPDATE leaderboard.leases SET expires_at = expires_at - interval '" + std::to_string(time.count()) +
          " milliseconds'");
}

void PostgresStores::reopen() {
  store_.reset();
  adapters::postgres::PoolOptions options;
  options.url = test::shared_postgres().url(database_);
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
