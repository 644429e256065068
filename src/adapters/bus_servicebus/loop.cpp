#include "adapters/bus_servicebus/loop.hpp"

#include <pthread.h>

#include <proton/duration.hpp>
#include <utility>

#include "adapters/bus_servicebus/session.hpp"

namespace liveops::adapters::bus_servicebus {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds kTick{50};  // deadlines, renewals and reconnects are looked at so often

}  // namespace

Loop::Loop(const std::string& container_id) : container_(container_id) {
  container_.auto_stop(false);
  schedule_tick(kTick);
  thread_ = std::thread([this] { run(); });
}

Loop::~Loop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  container_.stop();
  thread_.join();
  for (const auto& session : sessions_) session->give_up();
}

void Loop::run() {
  pthread_setname_np(pthread_self(), "servicebus");
  container_.run();
}

void Loop::add(std::shared_ptr<Session> session) {
  const std::lock_guard lock(mutex_);
  sessions_.push_back(std::move(session));
  if (!stopping_) container_.schedule(proton::duration(0), [added = sessions_.back()] { added->tick(); });
}

void Loop::schedule_tick(milliseconds delay) {
  container_.schedule(proton::duration(static_cast<std::uint64_t>(delay.count())), [this] { tick(); });
}

void Loop::tick() {
  std::vector<std::shared_ptr<Session>> sessions;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    std::erase_if(sessions_, [](const auto& session) { return session->is_over(); });
    sessions = sessions_;
  }
  for (const auto& session : sessions) session->tick();
  schedule_tick(kTick);
}

}  // namespace liveops::adapters::bus_servicebus
