#pragma once

#include <functional>
#include <vector>

#include "apps/host/process.hpp"

namespace liveops::apps {

/// Starts the services, calls `started`, and serves until SIGTERM or SIGINT; SIGHUP reads the rules again. Gives the
/// exit code. When something does not end in time the process ends at once, without destructors.
[[nodiscard]] int serve_until_told(Process& process, const std::vector<ServiceApp*>& services,
                                   const std::function<void()>& started);

/// The exit code for what hindered the start.
[[nodiscard]] int refuse_start(const core::Error& error);

}  // namespace liveops::apps
