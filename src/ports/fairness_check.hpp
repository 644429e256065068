#pragma once

#include <vector>

#include "core/event.hpp"
#include "core/verdict.hpp"
#include "ports/task.hpp"

namespace liveops::ports {

/// The gateway's question to fairness: may these events pass?
///
/// Threads: any.
class FairnessCheck {
 public:
  virtual ~FairnessCheck() = default;

  /// One verdict per event, in order. The same event id again gets the stored verdict and is never evidence.
  /// Errors: `unavailable`, `timeout` (the caller decides whether to fail open or closed).
  [[nodiscard]] virtual Task<std::vector<core::Verdict>> check(std::vector<core::Event> events) = 0;
};

}  // namespace liveops::ports
