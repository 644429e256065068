#pragma once

#include <string>

#include "core/error.hpp"
#include "ports/task.hpp"

namespace liveops::ports {

/// One dependency as seen by /readyz.
///
/// Threads: any.
class HealthCheck {
 public:
  virtual ~HealthCheck() = default;
  /// A short fixed name, e.g. "bus", "store".
  [[nodiscard]] virtual std::string name() const = 0;
  /// Errors: `unavailable` and the like, with a message that says what is wrong and what to do.
  [[nodiscard]] virtual Task<void> check() = 0;
  /// False: the service does its work in spite of this failure of `check`, only worse; /readyz names it and still says
  /// yes.
  [[nodiscard]] virtual bool stops_service([[maybe_unused]] const core::Error& failure) const { return true; }
};

}  // namespace liveops::ports
