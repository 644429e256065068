#include "apps/host/signals.hpp"

#include <pthread.h>

#include <csignal>

namespace liveops::apps {

namespace {

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  return set;
}

}  // namespace

void block_signals() {
  const sigset_t set = watched();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

void wait_for_shutdown(const std::function<void()>& on_hangup) {
  const sigset_t set = watched();
  while (true) {
    int signal = 0;
    sigwait(&set, &signal);
    if (signal != SIGHUP) return;
    on_hangup();
  }
}

}  // namespace liveops::apps
