#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <proton/container.hpp>
#include <string>
#include <thread>
#include <vector>

namespace liveops::adapters::bus_servicebus {

class Session;

/// The thread of qpid-proton, on which all sessions of a bus live.
///
/// Threads: any. On destruction every connection is cut; must go away after all who would use its sessions.
class Loop {
 public:
  explicit Loop(const std::string& container_id);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Keeps it connected until it was closed, and alive until its connection is gone.
  void add(std::shared_ptr<Session> session);
  [[nodiscard]] proton::container& container() { return container_; }

 private:
  void run();
  void schedule_tick(std::chrono::milliseconds delay);
  void tick();

  proton::container container_;
  std::mutex mutex_;
  bool stopping_ = false;
  std::vector<std::shared_ptr<Session>> sessions_;
  std::thread thread_;
};

}  // namespace liveops::adapters::bus_servicebus
