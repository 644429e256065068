#pragma once

#include <functional>

#include "apps/host/service_shell.hpp"
#include "core/error.hpp"
#include "core/rules.hpp"

namespace liveops::apps {

/// One service of a process, with all its parts.
///
/// Order: `prepare` (the io threads run already), `listen`, and at the end `stop` before it is destroyed.
/// Threads: one.
class ServiceApp {
 public:
  virtual ~ServiceApp() = default;

  [[nodiscard]] virtual ServiceShell& shell() = 0;

  /// Loads what must be there before the first request and starts the background work. Blocks.
  /// Errors: one line for the operator.
  [[nodiscard]] virtual core::Status prepare() = 0;

  /// Opens the port. Errors: as ServiceShell::listen.
  [[nodiscard]] virtual core::Status listen() = 0;

  /// After its background has ended, before it is destroyed; the io threads run. Blocks, shortly.
  virtual void leave() {}

  /// Checks new rules and gives what puts them in force; nothing changes until that is called, so that several services
  /// change together or not at all. Errors: `invalid_argument`, with what cannot change while the process runs.
  [[nodiscard]] virtual core::Result<std::function<void()>> plan_reload(const core::GameRules& rules) = 0;
};

}  // namespace liveops::apps
