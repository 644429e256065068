#include "apps/wiring/serving.hpp"

#include <cstdlib>

#include "apps/host/command_line.hpp"
#include "apps/host/signals.hpp"

namespace liveops::apps {

namespace {

/// Ends at once, without destructors: something is stuck, and what is durable is durable already.
[[noreturn]] void give_up() {
  std::_Exit(exit_failed);
}

}  // namespace

int serve_until_told(Process& process, const std::vector<ServiceApp*>& services, const std::function<void()>& started) {
  if (const auto running = process.start(services); !running) {
    complain(running.error(), exit_failed);
    if (!process.stop(services)) give_up();
    return exit_failed;
  }
  started();
  wait_for_shutdown([&] { process.reload(services); });
  if (!process.stop(services)) give_up();
  return exit_ok;
}

int refuse_start(const core::Error& error) {
  return complain(error, error.code == core::Errc::invalid_argument ? exit_usage : exit_failed);
}

}  // namespace liveops::apps
