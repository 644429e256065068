#pragma once

#include <cstdint>
#include <vector>

#include "core/time.hpp"
#include "core/verdict.hpp"
#include "ports/task.hpp"

namespace liveops::ports {

/// Remembers who is blocked or disqualified. Per player the change with the highest version counts.
///
/// Threads: any. Every call: `unavailable` when the store is away (safe to repeat), `corrupt`.
class VisibilityStore {
 public:
  virtual ~VisibilityStore() = default;

  /// Keeps those that are newer than what is known; gives for every player named the change that counts now, once.
  /// An overturning counts whatever its version: see RevisionStore.
  [[nodiscard]] virtual Task<std::vector<core::StandingChange>> apply(std::vector<core::StandingChange> changes) = 0;

  /// Every change that counts and blocks or disqualifies, also blocks whose `until` has passed.
  [[nodiscard]] virtual Task<std::vector<core::StandingChange>> blocked() = 0;

  /// Forgets players whose latest change is from before `before` and neither blocks at `before` any more
  /// nor disqualifies; at most `limit`; how many went.
  [[nodiscard]] virtual Task<std::uint64_t> forget(core::Timestamp before, std::size_t limit) = 0;
};

}  // namespace liveops::ports
