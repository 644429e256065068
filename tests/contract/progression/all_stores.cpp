#include "adapters/store_sqlite/progression/progress_store.hpp"
#include "adapters/store_sqlite/progression/progression_database.hpp"
#include "adapters/store_sqlite/progression/reward_store.hpp"
#include "tests/contract/progression/postgres_stores.hpp"
#include "tests/contract/progression/stores.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::test {
namespace {

namespace sqlite = adapters::store_sqlite::progression;

class SqliteStores final : public Stores {
 public:
  SqliteStores() { open(); }
  ports::ProgressStore& progress() override { return *progress_; }
  ports::RewardStore& rewards() override { return *rewards_; }
  void reopen() override {
    progress_.reset();
    rewards_.reset();
    database_.reset();
    open();
  }
  void fill_up() override { run(database_->limit_pages(1)).value(); }  // SQLite never goes below what is in use
  void make_room() override { run(database_->limit_pages(1'000'000)).value(); }

 private:
  void open() {
    database_ = sqlite::ProgressionDatabase::open(dir_.path()).value();
    progress_ = std::make_unique<sqlite::ProgressStore>(*database_);
    rewards_ = std::make_unique<sqlite::RewardStore>(*database_);
  }

  TempDir dir_;
  std::unique_ptr<sqlite::ProgressionDatabase> database_;
  std::unique_ptr<sqlite::ProgressStore> progress_;
  std::unique_ptr<sqlite::RewardStore> rewards_;
};

}  // namespace

std::vector<StoresCase> all_stores() {
  return {{"sqlite", [] { return std::make_unique<SqliteStores>(); }}, {"postgres", make_postgres_stores}};
}

}  // namespace liveops::test
