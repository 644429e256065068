#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "apps/host/background.hpp"
#include "runtime/periodic.hpp"

namespace liveops::apps {

/// Spawns `body` to run again and again; the result must live as long as the background.
[[nodiscard]] inline std::unique_ptr<runtime::Periodic> start_periodic(Background& background, std::string name,
                                                                       std::chrono::milliseconds interval,
                                                                       runtime::Periodic::Body body) {
  auto periodic = std::make_unique<runtime::Periodic>(interval, std::move(body));
  background.spawn(std::move(name), periodic->run(), [task = periodic.get()] { task->stop(); });
  return periodic;
}

}  // namespace liveops::apps
