#include "tests/contract/books/stores.hpp"

#include <stdexcept>

#include "adapters/postgres/pool.hpp"
#include "adapters/store_postgres/leaderboard/leaderboard_store.hpp"
#include "adapters/store_postgres/leaderboard/standing_books.hpp"
#include "adapters/store_postgres/progression/progress_books.hpp"
#include "adapters/store_postgres/progression/progress_store.hpp"
#include "adapters/store_postgres/progression/progression_database.hpp"
#include "adapters/store_postgres/progression/reward_store.hpp"
#include "adapters/store_sqlite/leaderboard/leaderboard_store.hpp"
#include "adapters/store_sqlite/leaderboard/standing_books.hpp"
#include "adapters/store_sqlite/progression/progress_books.hpp"
#include "adapters/store_sqlite/progression/progress_store.hpp"
#include "adapters/store_sqlite/progression/progression_database.hpp"
#include "adapters/store_sqlite/progression/reward_store.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/servers/postgres_server.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::test {
namespace {

namespace sl = adapters::store_sqlite;
namespace pg = adapters::store_postgres;

class SqliteBooks final : public BookStores {
 public:
  SqliteBooks() {
    const auto attach = "ATTACH '" + (dir_.path() / "leaderboard.db").string() + "' AS leaderboard";
    if (const auto done = other_.exec(attach); !done) throw std::runtime_error(done.error().detail);
  }
  ports::ProgressStore& progress() override { return progress_; }
  ports::RewardStore& rewards() override { return rewards_; }
  ports::StandingStore& standings() override { return boards_->standings(); }
  ports::SnapshotStore& snapshots() override { return boards_->snapshots(); }
  ports::VisibilityStore& visibility() override { return boards_->visibility(); }
  ports::RevisionStore& revisions() override { return boards_->revisions(); }
  ports::ProgressBooks& progress_books() override { return *progress_books_; }
  ports::StandingBooks& standing_books() override { return *standing_books_; }
  void change(const Sql& sql) override {
    if (const auto done = other_.exec(sql.sqlite); !done) throw std::runtime_error(sql.sqlite + done.error().detail);
  }

 private:
  TempDir dir_;
  std::unique_ptr<sl::progression::ProgressionDatabase> database_ =
      sl::progression::ProgressionDatabase::open(dir_.path()).value();
  sl::progression::ProgressStore progress_{*database_};
  sl::progression::RewardStore rewards_{*database_};
  std::unique_ptr<sl::leaderboard::LeaderboardStore> boards_ =
      sl::leaderboard::LeaderboardStore::open(dir_.path() / "leaderboard.db", {}).value();
  std::unique_ptr<sl::progression::ProgressBooks> progress_books_ =
      sl::progression::ProgressBooks::open(dir_.path()).value();
  std::unique_ptr<sl::leaderboard::StandingBooks> standing_books_ =
      sl::leaderboard::StandingBooks::open(dir_.path()).value();
  adapters::sqlite::Database other_ = adapters::sqlite::Database::open(dir_.path() / "progression.db", {}).value();
};

class PostgresBooks final : public BookStores {
 public:
  PostgresBooks() {
    pool_ = open_pool();
    database_ = run(pg::progression::ProgressionDatabase::open(*pool_)).value();
    progress_ = std::make_unique<pg::progression::ProgressStore>(*database_);
    rewards_ = std::make_unique<pg::progression::RewardStore>(*database_);
    boards_ = run(pg::leaderboard::LeaderboardStore::open(*pool_)).value();
  }
  ports::ProgressStore& progress() override { return *progress_; }
  ports::RewardStore& rewards() override { return *rewards_; }
  ports::StandingStore& standings() override { return boards_->standings(); }
  ports::SnapshotStore& snapshots() override { return boards_->snapshots(); }
  ports::VisibilityStore& visibility() override { return boards_->visibility(); }
  ports::RevisionStore& revisions() override { return boards_->revisions(); }
  ports::ProgressBooks& progress_books() override { return progress_books_; }
  ports::StandingBooks& standing_books() override { return standing_books_; }
  void change(const Sql& sql) override { shared_postgres().execute(database(), sql.postgres); }

 private:
  /// One for the whole program: making another takes longer than most cases.
  static const std::string& database() {
    static const std::string name = shared_postgres().make_database();
    return name;
  }
  std::unique_ptr<adapters::postgres::Pool> open_pool() {
    shared_postgres().execute(database(), "DROP SCHEMA IF EXISTS progression CASCADE");
    shared_postgres().execute(database(), "DROP SCHEMA IF EXISTS leaderboard CASCADE");
    return adapters::postgres::Pool::create(
               {.url = shared_postgres().url(database()), .name = "books", .max_connections = 4}, log_, metrics_)
        .value();
  }

  SilentLog log_;
  RecordingMetrics metrics_;
  std::unique_ptr<adapters::postgres::Pool> pool_;
  std::unique_ptr<pg::progression::ProgressionDatabase> database_;
  std::unique_ptr<pg::progression::ProgressStore> progress_;
  std::unique_ptr<pg::progression::RewardStore> rewards_;
  std::unique_ptr<pg::leaderboard::LeaderboardStore> boards_;
  std::unique_ptr<adapters::postgres::Pool> books_pool_ =
      adapters::postgres::Pool::create({.url = shared_postgres().url(database()), .name = "audit", .prepare = false},
                                       log_, metrics_)
          .value();
  pg::progression::ProgressBooks progress_books_{*books_pool_};
  pg::leaderboard::StandingBooks standing_books_{*books_pool_};
};

}  // namespace

std::vector<BookStoresCase> all_book_stores() {
  return {{"sqlite", [] { return std::make_unique<SqliteBooks>(); }},
          {"postgres", [] { return std::make_unique<PostgresBooks>(); }}};
}

}  // namespace liveops::test
