#include "adapters/store_sqlite/fairness/review_store.hpp"

#include <utility>

namespace liveops::adapters::store_sqlite::fairness {

ports::Task<std::uint64_t> ReviewStore::open(std::vector<ports::Suspicion> suspicions) {
  co_return co_await worker_.run([this, suspicions = std::move(suspicions)] { return writer_.open(suspicions); });
}

ports::Task<std::vector<ports::ReviewCase>> ReviewStore::list(ports::ReviewFilter filter, core::Timestamp now,
                                                              std::size_t limit, std::optional<std::int64_t> before) {
  co_return co_await worker_.run(
      [this, filter = std::move(filter), now, limit, before] { return reader_.list(filter, now, limit, before); });
}

ports::Task<ports::ReviewCase> ReviewStore::find(std::int64_t id) {
  co_return co_await worker_.run([this, id] { return reader_.find(id); });
}

ports::Task<ports::ReviewCase> ReviewStore::claim(std::int64_t id, std::string worker, core::Timestamp now,
                                                  std::chrono::seconds lease) {
  co_return co_await worker_.run(
      [this, id, worker = std::move(worker), now, lease] { return writer_.claim(id, worker, now, lease); });
}

ports::Task<ports::ReviewCase> ReviewStore::decide(std::int64_t id, ports::ReviewCase::Decision decision) {
  co_return co_await worker_.run([this, id, decision = std::move(decision)] { return writer_.decide(id, decision); });
}

ports::Task<std::vector<ports::ReviewCase>> ReviewStore::to_carry_out(std::size_t limit) {
  co_return co_await worker_.run([this, limit] { return reader_.to_carry_out(limit); });
}

ports::Task<void> ReviewStore::carried_out(std::int64_t id) {
  co_return co_await worker_.run([this, id] { return writer_.carried_out(id); });
}

ports::Task<std::vector<ports::RuleReviews>> ReviewStore::summary() {
  co_return co_await worker_.run([this] { return reader_.summary(); });
}

}  // namespace liveops::adapters::store_sqlite::fairness
