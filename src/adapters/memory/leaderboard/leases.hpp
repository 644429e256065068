#pragma once

#include <map>
#include <mutex>

#include "core/time.hpp"
#include "ports/lease.hpp"

namespace liveops::adapters::memory {

/// Leases among the holders of one process: for a store that has no other.
class Leases final : public ports::Leases {
 public:
  /// `clock` outlives this.
  explicit Leases(const core::Clock& clock) : clock_(clock) {}

  ports::Task<bool> acquire(ports::LeaseClaim claim) override;
  ports::Task<bool> renew(ports::LeaseClaim claim) override;
  ports::Task<void> release(std::string name, std::string holder) override;

 private:
  struct Held {
    std::string holder;
    core::Timestamp until;
  };

  const core::Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Held> held_;  // one entry a duty
};

}  // namespace liveops::adapters::memory
