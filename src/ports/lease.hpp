#pragma once

#include <chrono>
#include <string>

#include "ports/task.hpp"

namespace liveops::ports {

/// Who wants a lease, and for how long.
struct LeaseClaim {
  std::string name;                 // of the duty, e.g. "sealing"
  std::string holder;               // unique to the process
  std::chrono::milliseconds ttl{};  // from the moment the claim is granted
};

/// Says which one of several processes does what one should do at a time.
///
/// A lease saves work; it is no lock: a holder that was paused may go on for a moment after another has taken over. So
/// whatever is done under a lease must be right when two do it at once.
///
/// Threads: any. Every call: `unavailable` when the keeper of leases is away: take it as not held.
class Leases {
 public:
  virtual ~Leases() = default;

  /// True: held by `holder` from now on for `ttl`: it was free, or had run out, or was the holder's already.
  [[nodiscard]] virtual Task<bool> acquire(LeaseClaim claim) = 0;

  /// Prolongs what the holder has to `ttl` from now. False: another holds it, or nobody does.
  [[nodiscard]] virtual Task<bool> renew(LeaseClaim claim) = 0;

  /// Gives it back, so that nobody has to wait for its end; nothing happens when it is not the holder's.
  [[nodiscard]] virtual Task<void> release(std::string name, std::string holder) = 0;
};

}  // namespace liveops::ports
