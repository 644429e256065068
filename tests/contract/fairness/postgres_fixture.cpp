#include "tests/contract/fairness/postgres_fixture.hpp"

#include <stdexcept>

#include "tests/support/run_task.hpp"
#include "tests/support/servers/pgbouncer.hpp"
#include "tests/support/servers/postgres_server.hpp"

namespace liveops::test {
namespace {

namespace postgres = adapters::postgres;
namespace store = adapters::store_postgres::fairness;

/// In transaction mode.
PgBouncer& shared_pgbouncer() {
  static PgBouncer bouncer(shared_postgres());
  return bouncer;
}

class PostgresFixture final : public VerdictStoreFixture {
 public:
  explicit PostgresFixture(bool through_pgbouncer) : through_pgbouncer_(through_pgbouncer) {}

  FairnessStores reopen() override {
    replica_.reset();
    replica_ = std::make_unique<FairnessReplica>(database_, through_pgbouncer_);
    return {&replica_->verdicts(), &replica_->reviews(), &replica_->audit()};
  }

  void tamper(const std::string& sql) override {
    (void)shared_postgres().execute(database_, "ALTER TABLE fairness.audit DISABLE TRIGGER ALL; " + sql +
                                                   "; ALTER TABLE fairness.audit ENABLE TRIGGER ALL");
  }

 private:
  std::string database_ = shared_postgres().make_database();
  bool through_pgbouncer_;
  std::unique_ptr<FairnessReplica> replica_;
};

}  // namespace

FairnessReplica::FairnessReplica(const std::string& database, bool through_pgbouncer) {
  const auto url = through_pgbouncer ? shared_pgbouncer().url(database) : shared_postgres().url(database);
  auto pool = postgres::Pool::create({.url = url, .name = "fairness", .prepare = !through_pgbouncer}, log_, metrics_);
  if (!pool) throw std::runtime_error(pool.error().message);
  pool_ = std::move(*pool);
  auto opened = run(store::VerdictStore::open(*pool_, std::string(kAuditSecret), 50));
  if (!opened) throw std::runtime_error(opened.error().message + ": " + opened.error().detail);
  store_ = std::move(*opened);
  audit_ = std::make_unique<store::AuditTrail>(*pool_);
}

std::unique_ptr<VerdictStoreFixture> make_postgres_fixture(bool through_pgbouncer) {
  return std::make_unique<PostgresFixture>(through_pgbouncer);
}

}  // namespace liveops::test
