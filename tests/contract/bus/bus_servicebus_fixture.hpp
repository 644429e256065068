#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "adapters/bus_servicebus/event_bus.hpp"
#include "tests/contract/bus/bus_fixture.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/servers/servicebus_standin.hpp"

namespace liveops::test {

/// A bus with topics of its own on a stand-in for Service Bus, which can be closed and opened again.
class ServiceBusBus final : public BusUnderTest {
 public:
  explicit ServiceBusBus(adapters::bus_servicebus::Options options = {},
                         ServiceBusStandin& standin = shared_servicebus())
      : options_(std::move(options)) {
    static std::atomic<int> made{0};
    options_.connection_string = standin.connection_string();
    if (const adapters::bus_servicebus::Options defaults; options_.events_topic == defaults.events_topic) {
      const auto prefix = "t" + std::to_string(++made);
      options_.events_topic = prefix + "-events";
      options_.verdicts_topic = prefix + "-verdicts";
    }
    options_.visibility = kVisibility / pace();
    if (standin.uses_tls()) options_.ca_file = standin.ca_file();
    // Service Bus makes no subscription by itself: these are the groups that the suite uses.
    for (const auto& topic : {options_.events_topic, options_.verdicts_topic}) {
      standin.make_topic(topic, {"g", "progression", "leaderboard"});
    }
    reopen();
  }

  adapters::bus_servicebus::EventBus& bus() override { return *bus_; }
  ports::DeadLetters& dead_letters() override { return *bus_; }
  /// The service's clock is the real one.
  void advance(std::chrono::milliseconds by) override { std::this_thread::sleep_for(by); }
  [[nodiscard]] int pace() const override { return 10; }
  [[nodiscard]] std::chrono::milliseconds patience() const override { return std::chrono::milliseconds(250); }

  void close() { bus_.reset(); }
  void reopen() {
    bus_.reset();
    bus_ = open_another();
  }
  /// A second bus on the same topics, as another process has it.
  [[nodiscard]] std::unique_ptr<adapters::bus_servicebus::EventBus> open_another() {
    auto opened = adapters::bus_servicebus::EventBus::open(options_, clock_, log_);
    if (!opened) throw std::runtime_error(opened.error().message + ": " + opened.error().detail);
    return *std::move(opened);
  }
  [[nodiscard]] adapters::bus_servicebus::Options& options() { return options_; }

 private:
  adapters::bus_servicebus::Options options_;
  core::SystemClock clock_;
  SilentLog log_;
  std::unique_ptr<adapters::bus_servicebus::EventBus> bus_;
};

}  // namespace liveops::test
