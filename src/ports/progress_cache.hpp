#pragma once

#include <optional>
#include <vector>

#include "ports/progress.hpp"
#include "ports/task.hpp"

namespace liveops::ports {

/// Copies of players' progress for quick reads; holds nothing that the ProgressStore does not have.
///
/// An adapter that outlives the process lets entries expire within a minute: a `put` that failed must not leave an old
/// copy for ever.
/// Threads: any.
class ProgressCache {
 public:
  virtual ~ProgressCache() = default;

  /// nullopt: not cached. Errors: `unavailable` (read the store instead).
  [[nodiscard]] virtual Task<std::optional<Progress>> get(core::PlayerId player) = 0;

  /// Keeps each of these unless a newer version of it is there: late and repeated puts do no harm.
  /// Errors: `unavailable`.
  [[nodiscard]] virtual Task<void> put(std::vector<Progress> progress) = 0;
};

}  // namespace liveops::ports
