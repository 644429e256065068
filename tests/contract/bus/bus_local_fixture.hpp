#pragma once

#include <memory>
#include <utility>

#include "adapters/bus_local/event_bus.hpp"
#include "tests/contract/bus/bus_fixture.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::test {

/// A local bus in a directory of its own, which can be closed and opened again.
class LocalBus final : public BusUnderTest {
 public:
  explicit LocalBus(adapters::bus_local::Options options = {}) : options_(options) { reopen(); }

  adapters::bus_local::EventBus& bus() override { return *bus_; }
  ports::DeadLetters& dead_letters() override { return *bus_; }
  void advance(std::chrono::milliseconds by) override { clock_.advance(by); }

  void close() { bus_.reset(); }
  void reopen() {
    bus_.reset();
    auto opened = adapters::bus_local::EventBus::open(directory(), options_, clock_, log_);
    ASSERT_TRUE(opened.has_value()) << opened.error().message << opened.error().detail;
    bus_ = *std::move(opened);
  }
  [[nodiscard]] const std::filesystem::path& directory() const { return directory_.path(); }
  [[nodiscard]] ManualClock& clock() { return clock_; }
  [[nodiscard]] ports::Log& log() { return log_; }

 private:
  adapters::bus_local::Options options_;
  TempDir directory_;
  ManualClock clock_{core::Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 11 / 22))};
  SilentLog log_;
  std::unique_ptr<adapters::bus_local::EventBus> bus_;
};

}  // namespace liveops::test
