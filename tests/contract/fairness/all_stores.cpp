#include <regex>
#include <stdexcept>

#include "adapters/store_sqlite/fairness/audit_trail.hpp"
#include "adapters/store_sqlite/fairness/verdict_store.hpp"
#include "tests/contract/fairness/postgres_fixture.hpp"
#include "tests/contract/fairness/verdict_store_contract.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::test {
namespace {

namespace sqlite = adapters::sqlite;
namespace stores = adapters::store_sqlite::fairness;

template <class T>
T value_of(core::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message + ": " + result.error().detail);
  return std::move(*result);
}

class SqliteFixture final : public VerdictStoreFixture {
 public:
  FairnessStores reopen() override {
    audit_.reset();
    store_.reset();
    store_ = value_of(stores::VerdictStore::open(directory_.path(), kAuditSecret, 50));
    audit_ = value_of(stores::AuditTrail::open(directory_.path()));
    return {store_.get(), &store_->reviews(), audit_.get()};
  }

  void tamper(const std::string& sql) override {
    auto database = value_of(sqlite::Database::open(directory_.path() / "fairness.db", {}));
    const std::string done = std::regex_replace(sql, std::regex("fairness\\."), "");
    const auto outcome = database.exec(
        "DROP TRIGGER IF EXISTS audit_is_never_changed; "
        "DROP TRIGGER IF EXISTS audit_is_never_shortened; " +
        done);
    if (!outcome) throw std::runtime_error(outcome.error().message);
  }

 private:
  TempDir directory_;
  std::unique_ptr<stores::VerdictStore> store_;
  std::unique_ptr<stores::AuditTrail> audit_;
};

std::string name_of(const ::testing::TestParamInfo<VerdictStoreAdapter>& info) {
  return info.param.name;
}

}  // namespace

std::vector<VerdictStoreAdapter> fairness_adapters() {
  return {{"Sqlite", [] { return std::make_unique<SqliteFixture>(); }},
          {"Postgres", [] { return make_postgres_fixture(false); }},
          {"PgBouncer", [] { return make_postgres_fixture(true); }}};
}

INSTANTIATE_TEST_SUITE_P(Adapters, VerdictStoreContract, ::testing::ValuesIn(fairness_adapters()), name_of);
INSTANTIATE_TEST_SUITE_P(Adapters, ReviewStoreContract, ::testing::ValuesIn(fairness_adapters()), name_of);

}  // namespace liveops::test
