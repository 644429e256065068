#pragma once

#include <memory>

#include "adapters/postgres/pool.hpp"
#include "ports/lease.hpp"

namespace liveops::adapters::store_postgres::fairness {

/// Which replica of fairness has which duty: leases in the schema `fairness_duties`, by the clock of the server.
///
/// Threads: any.
class Duties final : public ports::Leases {
 public:
  /// Brings the schema up to date. `pool` outlives this. Errors: as postgres::migrate.
  [[nodiscard]] static ports::Task<std::unique_ptr<Duties>> open(postgres::Pool& pool);

  ports::Task<bool> acquire(ports::LeaseClaim claim) override;
  ports::Task<bool> renew(ports::LeaseClaim claim) override;
  ports::Task<void> release(std::string name, std::string holder) override;

 private:
  explicit Duties(postgres::Pool& pool) : pool_(pool) {}

  postgres::Pool& pool_;
};

}  // namespace liveops::adapters::store_postgres::fairness
