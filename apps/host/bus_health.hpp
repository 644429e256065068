#pragma once

#include <atomic>
#include <chrono>

#include "ports/event_bus.hpp"
#include "ports/health.hpp"

namespace liveops::apps {

/// What a service needs the bus for.
enum class BusUse { publishes, consumes };

/// The bus as a dependency of /readyz. A full one stops only who publishes: consumers make room in it. A good answer
/// holds for `well_for`, on a bus where asking costs.
///
/// Threads: any.
class BusHealth final : public ports::HealthCheck {
 public:
  BusHealth(ports::EventBus& bus, BusUse use, std::chrono::milliseconds well_for)
      : bus_(bus), use_(use), well_for_(well_for) {}
  [[nodiscard]] std::string name() const override { return "bus"; }
  [[nodiscard]] ports::Task<void> check() override {
    if (Clock::now() < well_until_.load()) co_return core::Status();
    auto answer = co_await bus_.check();
    if (answer) well_until_ = Clock::now() + well_for_;
    co_return answer;
  }
  [[nodiscard]] bool stops_service(const core::Error& failure) const override {
    return use_ == BusUse::publishes || failure.code != core::Errc::rate_limited;
  }

 private:
  using Clock = std::chrono::steady_clock;

  ports::EventBus& bus_;
  BusUse use_;
  std::chrono::milliseconds well_for_;
  std::atomic<Clock::time_point> well_until_{Clock::time_point()};
};

}  // namespace liveops::apps
