#pragma once

#include "ports/event_bus.hpp"
#include "ports/health.hpp"

namespace liveops::apps {

/// What a service needs the bus for.
enum class BusUse { publishes, consumes };

/// The bus as a dependency of /readyz. A full one stops only who publishes: consumers make room in it.
class BusHealth final : public ports::HealthCheck {
 public:
  BusHealth(ports::EventBus& bus, BusUse use) : bus_(bus), use_(use) {}
  [[nodiscard]] std::string name() const override { return "bus"; }
  [[nodiscard]] ports::Task<void> check() override { return bus_.check(); }
  [[nodiscard]] bool stops_service(const core::Error& failure) const override {
    return use_ == BusUse::publishes || failure.code != core::Errc::rate_limited;
  }

 private:
  ports::EventBus& bus_;
  BusUse use_;
};

}  // namespace liveops::apps
