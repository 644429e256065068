#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/postgres/pool.hpp"
#include "adapters/store_postgres/fairness/review_store.hpp"
#include "ports/audit_chain.hpp"
#include "ports/health.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::adapters::store_postgres::fairness {

/// VerdictStore in the schema `fairness` of PostgreSQL, for any number of replicas on one database.
///
/// Threads: any.
class VerdictStore final : public ports::VerdictStore, public ports::HealthCheck {
 public:
  static constexpr std::int64_t kKeptDecisions = 100'000;

  /// Brings the schema up to date; a first time, chains the lines of audit that were written before there was a chain.
  /// `audit_secret` signs its end; it and `pool`, which must outlive the store, are the same in all replicas.
  /// Errors: as `migrate`.
  [[nodiscard]] static ports::Task<std::unique_ptr<VerdictStore>> open(postgres::Pool& pool, std::string audit_secret,
                                                                       std::int64_t kept_decisions = kKeptDecisions);

  /// Brings the schema up to date, and no more. Errors: as postgres::migrate.
  [[nodiscard]] static ports::Task<void> migrate(postgres::Pool& pool);

  /// Review cases, in the same schema. Lives as long as this.
  [[nodiscard]] ports::ReviewStore& reviews() { return reviews_; }

  [[nodiscard]] ports::Task<std::vector<ports::PlayerStanding>> put(
      std::vector<ports::StandingRequest> requests) override;
  [[nodiscard]] ports::Task<std::vector<ports::PlayerStanding>> active(core::Timestamp now) override;
  [[nodiscard]] ports::Task<ports::StandingFeed> changes(std::int64_t position) override;
  [[nodiscard]] ports::Task<void> record(std::vector<ports::DecisionRecord> decisions) override;
  [[nodiscard]] ports::Task<ports::DecisionRecord> decision(std::string id) override;
  [[nodiscard]] ports::Task<ports::PlayerHistory> history(core::PlayerId player, std::size_t limit) override;
  [[nodiscard]] ports::Task<std::vector<ports::FlaggedPlayer>> flagged(std::size_t limit,
                                                                       std::optional<std::int64_t> before) override;
  [[nodiscard]] ports::Task<std::vector<ports::PendingChange>> pending(std::size_t limit) override;
  [[nodiscard]] ports::Task<void> published(std::vector<std::int64_t> numbers) override;

  [[nodiscard]] std::string name() const override { return "store"; }
  [[nodiscard]] ports::Task<void> check() override { return pool_.check(); }

 private:
  VerdictStore(postgres::Pool& pool, std::string_view audit_secret, std::int64_t kept_decisions)
      : pool_(pool), audit_signer_(audit_secret), kept_decisions_(kept_decisions), reviews_(pool, audit_signer_) {}

  postgres::Pool& pool_;
  ports::AuditSigner audit_signer_;
  std::int64_t kept_decisions_;
  ReviewStore reviews_;
};

}  // namespace liveops::adapters::store_postgres::fairness
