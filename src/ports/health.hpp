#pragma once

#include <string>

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
  /// False: the service does its work without it, only worse; /readyz names it when it fails and still says yes.
  [[nodiscard]] virtual bool required() const { return true; }
};

}  // namespace liveops::ports
