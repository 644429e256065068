#pragma once

#include <chrono>

#include "adapters/postgres/pool.hpp"
#include "core/time.hpp"
#include "ports/lease.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

/// Leases for duties that go by the clock, such as sealing: only a holder whose clock agrees with the server's gets or
/// keeps one, so that a machine with a wrong clock leaves the duty to the others.
class TimedLeases final : public ports::Leases {
 public:
  static constexpr std::chrono::seconds kMaxSkew{5};

  /// All outlive this; `leases` are in the same database as `pool`.
  TimedLeases(ports::Leases& leases, postgres::Pool& pool, const core::Clock& clock)
      : leases_(leases), pool_(pool), clock_(clock) {}

  /// Errors: as the port; `unavailable`: this machine's clock is off (the message says by how much).
  ports::Task<bool> acquire(ports::LeaseClaim claim) override;
  ports::Task<bool> renew(ports::LeaseClaim claim) override;
  ports::Task<void> release(std::string name, std::string holder) override;

 private:
  [[nodiscard]] ports::Task<void> compare_clocks();

  ports::Leases& leases_;
  postgres::Pool& pool_;
  const core::Clock& clock_;
};

}  // namespace liveops::adapters::store_postgres::leaderboard
