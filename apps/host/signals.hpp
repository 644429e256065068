#pragma once

#include <functional>

namespace liveops::apps {

/// Blocks SIGTERM, SIGINT and SIGHUP in this and every thread made later, and ignores SIGPIPE. Call first in main.
void block_signals();

/// Waits in the calling thread until SIGTERM or SIGINT comes; `on_hangup` runs at every SIGHUP.
void wait_for_shutdown(const std::function<void()>& on_hangup);

}  // namespace liveops::apps
