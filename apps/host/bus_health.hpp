#pragma once

#include "ports/event_bus.hpp"
#include "ports/health.hpp"

namespace liveops::apps {

/// The bus as a dependency of /readyz.
class BusHealth final : public ports::HealthCheck {
 public:
  explicit BusHealth(ports::EventBus& bus) : bus_(bus) {}
  [[nodiscard]] std::string name() const override { return "bus"; }
  [[nodiscard]] ports::Task<void> check() override { return bus_.check(); }

 private:
  ports::EventBus& bus_;
};

}  // namespace liveops::apps
