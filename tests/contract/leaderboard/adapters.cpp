#include "tests/contract/leaderboard/adapters.hpp"

#include "adapters/memory/leaderboard/leases.hpp"
#include "adapters/memory/leaderboard/rank_index.hpp"
#include "adapters/redis/leaderboard/rank_index.hpp"
#include "adapters/store_sqlite/leaderboard/leaderboard_store.hpp"
#include "tests/contract/leaderboard/postgres_stores.hpp"
#include "tests/contract/leaderboard/redis_connection.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::contract {

namespace {

struct MemoryIndex final : RankIndexFixture {
  MemoryIndex() { index = &memory; }
  adapters::memory::RankIndex memory;
};

struct RedisIndex final : RankIndexFixture {
  RedisIndex() { index = &redis; }
  adapters::redis::leaderboard::RankIndex redis{shared_redis().connection.client(), fresh_prefix()};
};

class SqliteStores final : public StoresFixture {
 public:
  SqliteStores() { reopen(); }
  ports::StandingStore& standings() override { return store_->standings(); }
  ports::SnapshotStore& snapshots() override { return store_->snapshots(); }
  ports::VisibilityStore& visibility() override { return store_->visibility(); }
  ports::RevisionStore& revisions() override { return store_->revisions(); }
  ports::Leases& leases() override { return leases_; }
  void pass(std::chrono::milliseconds time) override { clock_.advance(time); }
  void reopen() override {
    store_.reset();
    using adapters::store_sqlite::leaderboard::LeaderboardStore;
    store_ = LeaderboardStore::open(dir_.path() / "leaderboard.db", {.sync_every_commit = false}).value();
  }

 private:
  test::TempDir dir_;
  test::ManualClock clock_{core::Timestamp()};
  adapters::memory::Leases leases_{clock_};
  std::unique_ptr<adapters::store_sqlite::leaderboard::LeaderboardStore> store_;
};

}  // namespace

std::vector<RankIndexAdapter> rank_index_adapters() {
  return {{"memory", [] { return std::make_unique<MemoryIndex>(); }},
          {"redis", [] { return std::make_unique<RedisIndex>(); }}};
}

std::vector<StoresAdapter> stores_adapters() {
  return {{"sqlite", [] { return std::make_unique<SqliteStores>(); }},
          {"postgres", [] { return std::make_unique<PostgresStores>(); }},
          {"pgbouncer", [] { return std::make_unique<PostgresStores>(PostgresStores::Way::pgbouncer); }}};
}

}  // namespace liveops::contract
