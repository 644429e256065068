#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "adapters/bus_sqs/event_bus.hpp"
#include "tests/contract/bus/bus_fixture.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/servers/sqs_stand_in.hpp"

namespace liveops::test {

/// The time as the stand-in has it.
class QueueClock final : public core::Clock {
 public:
  explicit QueueClock(const SqsStandIn& server) : server_(server) {}
  [[nodiscard]] core::Timestamp now() const override { return system_.now() + server_.ahead(); }

 private:
  const SqsStandIn& server_;
  core::SystemClock system_;
};

/// A bus with queues of its own on the stand-in of SQS.
class SqsBus final : public BusUnderTest {
 public:
  explicit SqsBus(adapters::bus_sqs::Options options = {}, SqsStandIn& server = shared_sqs())
      : server_(server), options_(std::move(options)) {
    static std::atomic<int> made{0};
    options_.prefix = "t" + std::to_string(++made);
    options_.create_missing = true;
    options_.letter_wait = std::chrono::seconds(0);
    reopen();
  }

  adapters::bus_sqs::EventBus& bus() override { return *bus_; }
  ports::DeadLetters& dead_letters() override { return *bus_; }
  void advance(std::chrono::milliseconds by) override { server_.advance(by); }
  [[nodiscard]] std::chrono::milliseconds patience() const override { return std::chrono::milliseconds(150); }
  [[nodiscard]] bool knows_age_unseen() const override { return false; }

  void close() { bus_.reset(); }
  void reopen() {
    bus_.reset();
    bus_ = open_another(server_.environment());
  }
  /// A second bus on the same queues, as another process has it.
  [[nodiscard]] std::unique_ptr<adapters::bus_sqs::EventBus> open_another(
      std::map<std::string, std::string> environment) {
    auto opened = adapters::bus_sqs::EventBus::open(options_, adapters::aws::fixed_environment(std::move(environment)),
                                                    clock_, log_);
    if (!opened) throw std::runtime_error(opened.error().message + ": " + opened.error().detail);
    return *std::move(opened);
  }
  [[nodiscard]] adapters::bus_sqs::Options& options() { return options_; }
  [[nodiscard]] SqsStandIn& server() { return server_; }
  [[nodiscard]] std::string queue(const std::string& group) const { return options_.prefix + "-events-" + group; }
  /// Tells the stand-in what is to go wrong.
  void order(const std::string& json) { static_cast<void>(server_.admin("order", json)); }

 private:
  SqsStandIn& server_;
  adapters::bus_sqs::Options options_;
  QueueClock clock_{server_};
  SilentLog log_;
  std::unique_ptr<adapters::bus_sqs::EventBus> bus_;
};

}  // namespace liveops::test
