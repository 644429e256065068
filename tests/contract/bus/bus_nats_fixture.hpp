#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "adapters/bus_nats/event_bus.hpp"
#include "tests/contract/bus/bus_fixture.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/servers/nats_server.hpp"

namespace liveops::test {

/// A bus with streams of its own on a NATS server, which can be closed and opened again.
class NatsBus final : public BusUnderTest {
 public:
  explicit NatsBus(adapters::bus_nats::Options options = {}, NatsServer& server = shared_nats())
      : options_(std::move(options)) {
    static std::atomic<int> made{0};
    options_.url = server.url();
    options_.prefix = "t" + std::to_string(++made);
    options_.visibility = kVisibility / pace();
    options_.max_bytes = std::min<std::uint64_t>(options_.max_bytes, 64U << 20U);  // the server reserves them all
    options_.max_dead_bytes = std::min<std::uint64_t>(options_.max_dead_bytes, 16U << 20U);
    reopen();
  }

  adapters::bus_nats::EventBus& bus() override { return *bus_; }
  ports::DeadLetters& dead_letters() override { return *bus_; }
  /// The server's clock is the real one.
  void advance(std::chrono::milliseconds by) override { std::this_thread::sleep_for(by); }
  [[nodiscard]] int pace() const override { return 20; }
  [[nodiscard]] std::chrono::milliseconds patience() const override { return std::chrono::milliseconds(250); }

  void close() { bus_.reset(); }
  void reopen() {
    bus_.reset();
    bus_ = open_another();
  }
  /// A second bus on the same streams, as another process has it.
  [[nodiscard]] std::unique_ptr<adapters::bus_nats::EventBus> open_another() {
    auto opened = adapters::bus_nats::EventBus::open(options_, clock_, log_);
    if (!opened) throw std::runtime_error(opened.error().message + ": " + opened.error().detail);
    return *std::move(opened);
  }
  [[nodiscard]] adapters::bus_nats::Options& options() { return options_; }

 private:
  adapters::bus_nats::Options options_;
  core::SystemClock clock_;
  SilentLog log_;
  std::unique_ptr<adapters::bus_nats::EventBus> bus_;
};

}  // namespace liveops::test
