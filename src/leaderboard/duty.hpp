#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/time.hpp"
#include "ports/lease.hpp"

namespace liveops::leaderboard {

/// Whether this process is the one that seals, takes snapshots and clears up: it is while it holds the lease.
///
/// Threads: one call at a time.
class Duty {
 public:
  /// Another process takes over so long after the holder was last heard of.
  static constexpr std::chrono::seconds kTerm{30};

  /// `holder` is unique to this process. The others outlive this.
  Duty(ports::Leases& leases, std::string holder, const core::Clock& clock)
      : leases_(leases), holder_(std::move(holder)), clock_(clock) {}

  /// True: this process has the duty now. Asks only where it does not hold it, or has not asked for a third of the
  /// term. Errors: as the port; the duty is then taken as lost.
  [[nodiscard]] ports::Task<bool> take();

  /// To be called now and then during long work. Errors: `unavailable` (another process has taken over: leave the work
  /// to it); as the port.
  [[nodiscard]] ports::Task<void> keep();

  /// Lets another process take over at once.
  [[nodiscard]] ports::Task<void> resign();

 private:
  [[nodiscard]] bool is_fresh() const;
  [[nodiscard]] ports::LeaseClaim claim() const;

  ports::Leases& leases_;
  std::string holder_;
  const core::Clock& clock_;
  std::optional<core::Timestamp> held_since_;  // as of the last answer
};

}  // namespace liveops::leaderboard
