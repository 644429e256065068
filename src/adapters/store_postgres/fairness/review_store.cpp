#include "adapters/store_postgres/fairness/review_store.hpp"

#include "adapters/store_postgres/fairness/review_reader.hpp"
#include "adapters/store_postgres/fairness/review_writer.hpp"

namespace liveops::adapters::store_postgres::fairness {

using postgres::Session;

// What the transactions below refer to lives in the coroutine that awaits them.

ports::Task<std::uint64_t> ReviewStore::open(std::vector<ports::Suspicion> suspicions) {
  if (suspicions.empty()) co_return std::uint64_t{0};
  co_return co_await pool_.transaction<std::uint64_t>(
      [&suspicions](Session& session) { return open_reviews(session, suspicions); });
}

ports::Task<std::vector<ports::ReviewCase>> ReviewStore::list(ports::ReviewFilter filter, core::Timestamp now,
                                                              std::size_t limit, std::optional<std::int64_t> before) {
  co_return co_await pool_.read<std::vector<ports::ReviewCase>>(
      [&](Session& session) { return list_reviews(session, filter, now, limit, before); });
}

ports::Task<ports::ReviewCase> ReviewStore::find(std::int64_t id) {
  co_return co_await pool_.read<ports::ReviewCase>([id](Session& session) { return find_review(session, id); });
}

ports::Task<ports::ReviewCase> ReviewStore::claim(std::int64_t id, std::string worker, core::Timestamp now,
                                                  std::chrono::seconds lease) {
  co_return co_await pool_.transaction<ports::ReviewCase>(
      [&](Session& session) { return claim_review(session, id, worker, now, lease); });
}

ports::Task<ports::ReviewCase> ReviewStore::decide(std::int64_t id, ports::ReviewCase::Decision decision) {
  co_return co_await pool_.transaction<ports::ReviewCase>(
      [&](Session& session) { return decide_review(session, id, decision, signer_); });
}

ports::Task<std::vector<ports::ReviewCase>> ReviewStore::to_carry_out(std::size_t limit) {
  co_return co_await pool_.read<std::vector<ports::ReviewCase>>(
      [limit](Session& session) { return reviews_to_carry_out(session, limit); });
}

ports::Task<void> ReviewStore::carried_out(std::int64_t id) {
  co_return co_await pool_.transaction<void>([id](Session& session) { return review_carried_out(session, id); });
}

ports::Task<std::vector<ports::RuleReviews>> ReviewStore::summary() {
  co_return co_await pool_.read<std::vector<ports::RuleReviews>>(
      [](Session& session) { return summarize_reviews(session); });
}

}  // namespace liveops::adapters::store_postgres::fairness
