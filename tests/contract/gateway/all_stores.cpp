#include "adapters/memory/gateway/idempotency_store.hpp"
#include "adapters/store_sqlite/gateway/idempotency_store.hpp"
#include "tests/contract/gateway/idempotency_store_contract.hpp"
#include "tests/contract/gateway/redis_store.hpp"

namespace liveops::test {

INSTANTIATE_TEST_SUITE_P(
    All, IdempotencyStoreContract,
    testing::Values(IdempotencyStoreMaker{"memory",
                                          [](const TempDir&, core::IdempotencyTable::Options options)
                                              -> std::unique_ptr<ports::IdempotencyStore> {
                                            return std::make_unique<adapters::memory::IdempotencyStore>(options);
                                          }},
                    IdempotencyStoreMaker{
                        "sqlite",
                        [](const TempDir& directory,
                           core::IdempotencyTable::Options options) -> std::unique_ptr<ports::IdempotencyStore> {
                          return adapters::store_sqlite::IdempotencyStore::open(directory.path(), options).value();
                        }},
                    IdempotencyStoreMaker{"redis",
                                          [](const TempDir&, core::IdempotencyTable::Options options) {
                                            return make_redis_store(options);
                                          }}),
    [](const auto& info) { return info.param.name; });

}  // namespace liveops::test
