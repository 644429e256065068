#pragma once

#include <string>
#include <vector>

#include "adapters/postgres/pool.hpp"
#include "ports/audit_chain.hpp"
#include "ports/review_store.hpp"

namespace liveops::adapters::store_postgres::fairness {

/// ReviewStore in the schema `fairness`, for any number of replicas on one database.
///
/// Threads: any.
class ReviewStore final : public ports::ReviewStore {
 public:
  /// Both outlive this.
  ReviewStore(postgres::Pool& pool, const ports::AuditSigner& signer) : pool_(pool), signer_(signer) {}

  [[nodiscard]] ports::Task<std::uint64_t> open(std::vector<ports::Suspicion> suspicions) override;
  [[nodiscard]] ports::Task<std::vector<ports::ReviewCase>> list(ports::ReviewFilter filter, core::Timestamp now,
                                                                 std::size_t limit,
                                                                 std::optional<std::int64_t> before) override;
  [[nodiscard]] ports::Task<ports::ReviewCase> find(std::int64_t id) override;
  [[nodiscard]] ports::Task<ports::ReviewCase> claim(std::int64_t id, std::string worker, core::Timestamp now,
                                                     std::chrono::seconds lease) override;
  [[nodiscard]] ports::Task<ports::ReviewCase> decide(std::int64_t id, ports::ReviewCase::Decision decision) override;
  [[nodiscard]] ports::Task<std::vector<ports::ReviewCase>> to_carry_out(std::size_t limit) override;
  [[nodiscard]] ports::Task<void> carried_out(std::int64_t id) override;
  [[nodiscard]] ports::Task<std::vector<ports::RuleReviews>> summary() override;

 private:
  postgres::Pool& pool_;
  const ports::AuditSigner& signer_;
};

}  // namespace liveops::adapters::store_postgres::fairness
