#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "ports/task.hpp"

namespace liveops::ports {

/// Keeps one checkpoint: a large piece of memory that could be learnt anew, but had better not be.
///
/// Threads: any; one `save` at a time.
class CheckpointStore {
 public:
  virtual ~CheckpointStore() = default;

  /// Takes bytes in their order. Errors: `unavailable`.
  using Sink = std::function<core::Status(std::string_view)>;

  /// Runs `write`, on a thread where it may take its time. What it hands to the sink is the checkpoint once this
  /// completes; after an error, or a crash meanwhile, it is still the one before. It survives the end of the process;
  /// not promised: a loss of power. Errors: `unavailable`, else those of `write`.
  [[nodiscard]] virtual Task<void> save(std::function<core::Status(const Sink&)> write) = 0;

  /// The checkpoint. Blocks; for start-up. Errors: `not_found` (none was ever saved), `unavailable`.
  [[nodiscard]] virtual core::Result<std::string> load() = 0;
};

}  // namespace liveops::ports
