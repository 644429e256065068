#include <stdexcept>

#include "adapters/store_sqlite/fairness/verdict_store.hpp"
#include "tests/contract/fairness/verdict_store_contract.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::test {
namespace {

class SqliteFixture final : public VerdictStoreFixture {
 public:
  ports::VerdictStore& reopen() override {
    store_.reset();
    auto opened = adapters::store_sqlite::fairness::VerdictStore::open(directory_.path(), 50);
    if (!opened) throw std::runtime_error(opened.error().message);
    store_ = std::move(*opened);
    return *store_;
  }

 private:
  TempDir directory_;
  std::unique_ptr<adapters::store_sqlite::fairness::VerdictStore> store_;
};

INSTANTIATE_TEST_SUITE_P(Sqlite, VerdictStoreContract,
                         ::testing::Values(VerdictStoreAdapter{"Sqlite",
                                                               [] { return std::make_unique<SqliteFixture>(); }}));

}  // namespace
}  // namespace liveops::test
