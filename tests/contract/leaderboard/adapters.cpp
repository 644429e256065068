#include "tests/contract/leaderboard/adapters.hpp"

#include "adapters/memory/leaderboard/rank_index.hpp"
#include "adapters/store_sqlite/leaderboard/leaderboard_store.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::contract {

namespace {

struct MemoryIndex final : RankIndexFixture {
  MemoryIndex() { index = &memory; }
  adapters::memory::RankIndex memory;
};

class SqliteStores final : public StoresFixture {
 public:
  SqliteStores() { reopen(); }
  ports::StandingStore& standings() override { return store_->standings(); }
  ports::SnapshotStore& snapshots() override { return store_->snapshots(); }
  ports::VisibilityStore& visibility() override { return store_->visibility(); }
  void reopen() override {
    store_.reset();
    using adapters::store_sqlite::leaderboard::LeaderboardStore;
    store_ = LeaderboardStore::open(dir_.path() / "leaderboard.db", {.sync_every_commit = false}).value();
  }

 private:
  test::TempDir dir_;
  std::unique_ptr<adapters::store_sqlite::leaderboard::LeaderboardStore> store_;
};

}  // namespace

std::vector<RankIndexAdapter> rank_index_adapters() {
  return {{"memory", [] { return std::make_unique<MemoryIndex>(); }}};
}

std::vector<StoresAdapter> stores_adapters() {
  return {{"sqlite", [] { return std::make_unique<SqliteStores>(); }}};
}

}  // namespace liveops::contract
