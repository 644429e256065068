#include "tests/contract/progression/postgres_stores.hpp"

#include "adapters/store_postgres/progression/progress_store.hpp"
#include "adapters/store_postgres/progression/progression_database.hpp"
#include "adapters/store_postgres/progression/reward_store.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/servers/postgres_server.hpp"

namespace liveops::test {
namespace {

namespace pg = adapters::store_postgres::progression;
namespace postgres = adapters::postgres;

constexpr const char* kEmpty =
    "TRUNCATE progression.player, progression.inbox, progression.ledger, progression.drops, progression.inventory, "
    "progression.earned, progression.claim, progression.receipt, progression.judged";

// Full as far as the program can tell: the server says so where a table would have to grow.
constexpr const char* kFillUp =
    "CREATE FUNCTION progression.full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;"
    "CREATE TRIGGER space BEFORE INSERT ON progression.ledger EXECUTE FUNCTION progression.full();"
    "CREATE TRIGGER space BEFORE INSERT ON progression.receipt EXECUTE FUNCTION progression.full()";
constexpr const char* kMakeRoom = "DROP FUNCTION IF EXISTS progression.full() CASCADE";

/// What one process would have.
struct Replica {
  Replica(const std::string& url, ports::Log& log, ports::Metrics& metrics)
      : pool(postgres::Pool::create({.url = url, .name = "progression", .max_connections = 4}, log, metrics).value()),
        database(run(pg::ProgressionDatabase::open(*pool)).value()),
        progress(*database),
        rewards(*database) {}

  std::unique_ptr<postgres::Pool> pool;
  std::unique_ptr<pg::ProgressionDatabase> database;
  pg::ProgressStore progress;
  pg::RewardStore rewards;
};

class PostgresStores final : public Stores {
 public:
  PostgresStores() {
    execute(kMakeRoom);
    execute(kEmpty);
  }
  ports::ProgressStore& progress() override { return first_->progress; }
  ports::RewardStore& rewards() override { return first_->rewards; }
  ports::ProgressStore& replica() override {
    if (!second_) second_ = open();
    return second_->progress;
  }
  void reopen() override {
    second_.reset();
    first_.reset();
    first_ = open();
  }
  void fill_up() override { execute(kFillUp); }
  void make_room() override { execute(kMakeRoom); }

 private:
  /// One for the whole program: emptying it takes less time than making another one.
  static const std::string& database() {
    static const std::string name = shared_postgres().make_database();
    return name;
  }
  static void execute(const char* sql) { shared_postgres().execute(database(), sql); }
  std::unique_ptr<Replica> open() {
    return std::make_unique<Replica>(shared_postgres().url(database()), log_, metrics_);
  }

  SilentLog log_;
  RecordingMetrics metrics_;
  std::unique_ptr<Replica> first_ = open();
  std::unique_ptr<Replica> second_;
};

}  // namespace

std::unique_ptr<Stores> make_postgres_stores() {
  return std::make_unique<PostgresStores>();
}

}  // namespace liveops::test
