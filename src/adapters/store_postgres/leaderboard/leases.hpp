#pragma once

#include "adapters/postgres/pool.hpp"
#include "ports/lease.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

/// Leases in PostgreSQL, by the clock of the server: those of the replicas need not agree.
class Leases final : public ports::Leases {
 public:
  /// `pool` outlives this.
  explicit Leases(postgres::Pool& pool) : pool_(pool) {}

  ports::Task<bool> acquire(ports::LeaseClaim claim) override;
  ports::Task<bool> renew(ports::LeaseClaim claim) override;
  ports::Task<void> release(std::string name, std::string holder) override;

 private:
  postgres::Pool& pool_;
};

}  // namespace liveops::adapters::store_postgres::leaderboard
