#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "adapters/postgres/pool.hpp"
#include "ports/health.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::adapters::store_postgres::fairness {

/// VerdictStore in the schema `fairness` of PostgreSQL, for any number of replicas on one database.
///
/// Threads: any.
class VerdictStore final : public ports::VerdictStore, public ports::HealthCheck {
 public:
  static constexpr std::int64_t kKeptDecisions = 100'000;

  /// Brings the schema up to date. `pool` must outlive the store. Errors: as postgres::migrate.
  [[nodiscard]] static ports::Task<std::unique_ptr<VerdictStore>> open(postgres::Pool& pool,
                                                                       std::int64_t kept_decisions = kKeptDecisions);

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
  VerdictStore(postgres::Pool& pool, std::int64_t kept_decisions) : pool_(pool), kept_decisions_(kept_decisions) {}

  postgres::Pool& pool_;
  std::int64_t kept_decisions_;
};

}  // namespace liveops::adapters::store_postgres::fairness
