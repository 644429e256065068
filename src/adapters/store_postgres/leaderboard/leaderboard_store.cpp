#include "adapters/store_postgres/leaderboard/leaderboard_store.hpp"

#include "adapters/postgres/migrations.hpp"
#include "adapters/store_postgres/leaderboard/schema.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

ports::Task<std::unique_ptr<LeaderboardStore>> LeaderboardStore::open(postgres::Pool& pool) {
  auto done = co_await postgres::migrate(pool, kSchema, leaderboard_migrations());
  if (!done) co_return std::unexpected(done.error());
  co_return std::unique_ptr<LeaderboardStore>(new LeaderboardStore(pool));
}

}  // namespace liveops::adapters::store_postgres::leaderboard
